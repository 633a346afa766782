package paseo.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what the services and servers log into a file, where it is out of the way of the progress line. */
final class LogFile {
    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS} %-5level %-24.24thread %logger{30} %msg%n";
    private static final String LARGEST = "10MB";

    /**
     * Of these, warnings are everyday: a client that looks for its broker, a broker that counts its own milliseconds.
     */
    private static final List<String> TALKATIVE = List.of(
            "org.apache.kafka.clients.NetworkClient",
            "org.apache.kafka.controller",
            "org.apache.kafka.streams.StreamsConfig");

    private LogFile() {}

    /** From now on, appended to that file; when it is large it becomes {@code NAME.1} and a new one begins. */
    static void open(Path file) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(LINE);
        encoder.start();
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setFile(file.toString());
        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(file + ".%i");
        rolling.setMinIndex(1);
        rolling.setMaxIndex(1);
        rolling.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(FileSize.valueOf(LARGEST));
        size.start();
        appender.setRollingPolicy(rolling);
        appender.setTriggeringPolicy(size);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        context.getLogger("paseo").setLevel(Level.INFO);
        TALKATIVE.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
    }
}
