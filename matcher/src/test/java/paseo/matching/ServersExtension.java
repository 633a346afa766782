package paseo.matching;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one {@link Servers} of the run, or {@link ServersOfItsOwn}, which JUnit closes at its end. */
final class ServersExtension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Servers.class;
    }

    @Override
    public Servers resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        Class<?> key = test.isAnnotationPresent(ServersOfItsOwn.class) ? test : Servers.class;
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(key, type -> start(), Servers.class);
    }

    private static Servers start() {
        try {
            return Servers.start(Files.createTempDirectory("paseo-matcher"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
