package paseo.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * ONNX Runtime's environment, which stays for as long as the process. ONNX Runtime frees it in a shutdown hook of its
 * own, beside ours, which still waits for the frames in hand: a model that was being loaded or computed then took the
 * process down with a SIGSEGV (microsoft/onnxruntime issue 31352; 1.29 has the hook still). The native environment
 * counts its references, so one more, which nobody gives back, keeps it. The binding does not offer that: hence the
 * call to its private method, which {@code LastingRuntimeTest} watches over.
 */
final class LastingRuntime {
    private static final OrtLoggingLevel LEVEL = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
    private static final String NAME = "paseo";

    private LastingRuntime() {}

    /** The environment, the same each time. */
    static OrtEnvironment get() {
        return Holder.ENVIRONMENT;
    }

    private static final class Holder {
        static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment(LEVEL, NAME);

        static {
            refer();
        }
    }

    private static void refer() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(OrtEnvironment.class, MethodHandles.lookup());
            long api = (long) lookup.findStaticVarHandle(
                            lookup.findClass("ai.onnxruntime.OnnxRuntime"), "ortApiHandle", long.class)
                    .get();
            MethodHandle create = lookup.findStatic(
                    OrtEnvironment.class,
                    "createHandle",
                    MethodType.methodType(long.class, long.class, int.class, String.class));
            long unused = (long) create.invokeExact(api, LEVEL.getValue(), NAME);
        } catch (Throwable e) {
            throw new IllegalStateException("this ONNX Runtime is not the one that Paseo was built with", e);
        }
    }
}
