// SPDX-License-Identifier: Apache-2.0
package edge.runtime.supervise;

import edge.runtime.base.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the supervisor told this run, and what this run tells the supervisor. The two talk through a folder in memory that
 * the start script names: {@code alive} (the pulse), {@code starts} (starts in a row that did not reach health) and
 * {@code last-words} (why this run is about to end).
 */
@Component(service = Supervision.class, immediate = true)
public final class Supervision {
    /** The exit code that asks the supervisor for a restart. */
    static final int RESTART = 86;
    /** The exit code of a JVM that could not end in order. */
    static final int STUCK = 88;
    private static final long EXIT_MILLIS = 3_000;
    private static final long STOP_MILLIS = 25_000;
    private static final Logger LOG = LoggerFactory.getLogger(Supervision.class);
    private static final String RUN = "edge.supervisor.run";
    private static final String ENDED = "edge.supervisor.ended";
    private static final String STARTS = "edge.supervisor.starts";

    private final Optional<Path> run;
    private final String lastEnd;
    private final int failedStarts;
    private final Optional<Pulse> pulse;
    private final Thread hook = new Thread(this::nameWhoExits, "edge-last-words");

    @Activate
    public Supervision(BundleContext context) {
        String folder = context.getProperty(RUN);
        this.run = folder == null || folder.isBlank() ? Optional.empty() : Optional.of(Path.of(folder));
        String ended = context.getProperty(ENDED);
        this.lastEnd = ended == null || ended.isBlank() ? "" : ended.strip();
        this.failedStarts = number(context.getProperty(STARTS));
        this.pulse = run.map(path -> new Pulse(path.resolve("alive"), this::lastWords));
        pulse.ifPresent(Pulse::start);
        Runtime.getRuntime().addShutdownHook(hook);
        if (!lastEnd.isEmpty()) {
            LOG.warn("The run before this one ended: {}", lastEnd);
        }
    }

    @Deactivate
    public void close() {
        pulse.ifPresent(Pulse::close);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.trace("The JVM is ending: the hook does its work", e);
        }
    }

    private static int number(String text) {
        return text != null && text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    }

    /** Whether somebody outside of the JVM starts it again when it ends. */
    public boolean isSupervised() {
        return run.isPresent();
    }

    /** How the run before this one ended, to go behind a colon: what happened, as far as it can be known from outside. */
    public String lastEnd() {
        return lastEnd.isEmpty() ? "the power was cut, or it was stopped from outside" : lastEnd;
    }

    /** Whether the supervisor had to start the gateway again because it ended by itself. */
    public boolean isRestartAfterFailure() {
        return !lastEnd.isEmpty();
    }

    /** Starts in a row before this one that did not reach health. */
    public int failedStarts() {
        return failedStarts;
    }

    /** This start has reached health. */
    public void reachedHealth() {
        forgetFailedStarts();
    }

    /** Lets the counting begin anew: something was done about it. */
    public void forgetFailedStarts() {
        run.ifPresent(path -> {
            try {
                Files.writeString(path.resolve("starts"), "0\n");
            } catch (IOException e) {
                LOG.warn("The supervisor cannot be told that the gateway is well: {}", DataDirectory.reason(e));
            }
        });
    }

    /**
     * Ends the gateway in order and has it started again.
     *
     * @param why told by the next run
     */
    public void restart(String why) {
        LOG.warn("The gateway is restarted: {}", why);
        lastWords(why);
        Thread exit = new Thread(() -> System.exit(RESTART), "edge-restart");
        exit.setDaemon(true);
        exit.start();
    }

    private void lastWords(String why) {
        run.ifPresent(path -> {
            try {
                Files.writeString(path.resolve("last-words"), why.replaceAll("\\p{Cntrl}", " ") + "\n");
            } catch (IOException e) {
                LOG.warn("The reason for the end cannot be left behind: {}", DataDirectory.reason(e));
            }
        });
    }

    /**
     * Runs when the JVM ends in order: if a bundle has called for it, the stack that called still stands. It may stand in its
     * activator and hold the lock that the framework waits for: so the end has a limit.
     */
    private void nameWhoExits() {
        Optional<String> who = whoExits();
        who.ifPresent(this::lastWords);
        Thread limit = new Thread(() -> {
            try {
                Thread.sleep(who.isPresent() ? EXIT_MILLIS : STOP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(STUCK);
        }, "edge-stop-limit");
        limit.setDaemon(true);
        limit.start();
    }

    private static Optional<String> whoExits() {
        for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
            boolean exits = false;
            for (StackTraceElement frame : thread.getValue()) {
                boolean jdk = frame.getClassName().startsWith("java.");
                exits |= frame.getClassName().equals("java.lang.Runtime") && frame.getMethodName().equals("exit");
                if (exits && !jdk) {
                    return frame.getClassName().startsWith(Supervision.class.getName()) ? Optional.empty()
                        : Optional.of("System.exit was called by " + frame + " on the thread " + thread.getKey().getName());
                }
            }
        }
        return Optional.empty();
    }
}
