// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import edge.api.health.LogBook;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Listens to everything that is logged, beside the appenders that the distribution configures. Logback is the launcher's and
 * outlives this bundle: the appender is taken out again when the component goes.
 */
@Component(immediate = true)
public final class LogbackLogBook implements LogBook {
    static final String APPENDER = "edge-log-book";

    private final LogRing ring = new LogRing();
    private final Appender appender = new Appender(ring);
    private final Logger root;

    @Activate
    public LogbackLogBook() {
        this(LoggerFactory.getILoggerFactory());
    }

    LogbackLogBook(ILoggerFactory factory) {
        if (!(factory instanceof LoggerContext context)) {
            throw new IllegalStateException("logging goes to " + factory.getClass().getName()
                + ", not to Logback: start the gateway with Logback on the launcher's class path");
        }
        appender.setName(APPENDER);
        appender.setContext(context);
        appender.start();
        root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(appender);
    }

    @Deactivate
    void close() {
        root.detachAppender(appender);
        appender.stop();
    }

    @Override
    public List<Line> lines(long after, Level atLeast, int limit) {
        return ring.lines(after, atLeast, limit);
    }

    private static final class Appender extends AppenderBase<ILoggingEvent> {
        private final LogRing ring;

        private Appender(LogRing ring) {
            this.ring = ring;
        }

        @Override
        protected void append(ILoggingEvent event) {
            IThrowableProxy thrown = event.getThrowableProxy();
            ring.add(event.getInstant(), level(event.getLevel()), event.getLoggerName(), event.getFormattedMessage(),
                thrown == null ? "" : ThrowableProxyUtil.asString(thrown));
        }

        private static Level level(ch.qos.logback.classic.Level level) {
            return switch (level.toInt()) {
                case ch.qos.logback.classic.Level.ERROR_INT -> Level.ERROR;
                case ch.qos.logback.classic.Level.WARN_INT -> Level.WARN;
                case ch.qos.logback.classic.Level.INFO_INT -> Level.INFO;
                default -> Level.DEBUG;
            };
        }
    }
}
