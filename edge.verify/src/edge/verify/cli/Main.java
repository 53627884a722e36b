// SPDX-License-Identifier: Apache-2.0
package edge.verify.cli;

import edge.verify.Account;
import edge.verify.Payloads;
import edge.verify.Report;
import edge.verify.Report.StreamReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.paho.client.mqttv3.MqttException;

/** The command {@code edge-verify}. */
public final class Main {

    private static final int PROVEN = 0;
    private static final int NOT_PROVEN = 1;
    private static final int NOT_TRIED = 2;
    private static final int MOST_EXAMPLES = 20;

    private final Options options;
    private final Account account;
    private final PrintStream out;
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile long lastArrival = System.nanoTime();
    // Guarded by this.
    private long foreign;
    private String firstForeign = "";

    private Main(Options options, PrintStream out) {
        this.options = options;
        this.account = new Account(options.uplink);
        this.out = out;
    }

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.in, System.out, System.err));
    }

    /** Everything but the exit. */
    static int run(List<String> arguments, InputStream in, PrintStream out, PrintStream errors) {
        try {
            Options options = Options.parse(arguments);
            if (options.help) {
                out.print(Options.USAGE);
                return PROVEN;
            }
            return new Main(options, out).verify(in);
        } catch (Options.UsageException e) {
            errors.println("edge-verify: " + e.getMessage() + "; --help tells what there is");
        } catch (MqttException e) {
            errors.println("edge-verify: the broker cannot be used: " + e.getMessage()
                + (e.getCause() == null ? "" : ": " + e.getCause().getMessage()));
        } catch (IOException | GeneralSecurityException e) {
            errors.println("edge-verify: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return NOT_TRIED;
    }

    private int verify(InputStream in) throws IOException, MqttException, GeneralSecurityException, InterruptedException {
        // Ctrl-C is the usual end of an open subscription: it gets its account, too.
        Thread interrupted = new Thread(this::print, "edge-verify-interrupted");
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            if (options.host.isPresent()) {
                try (Subscription subscription = new Subscription(options, this::arrived)) {
                    awaitEnd();
                }
            } else {
                Thread reader = new Thread(() -> read(in), "edge-verify-input");
                reader.setDaemon(true);
                reader.start();
                awaitEnd();
            }
        } finally {
            Runtime.getRuntime().removeShutdownHook(interrupted);
        }
        return print();
    }

    /** What the gateway says that it has sequenced is looked up at the end: it may be asked for while this runs. */
    private void expect() {
        if (options.expect.isPresent()) {
            try {
                Expected.enter(options.expect.get(), account);
            } catch (IOException e) {
                foreign(new IOException(options.expect.get() + " cannot be read: " + e.getMessage(), e));
            }
        }
    }

    private void read(InputStream in) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    read(line);
                }
            }
        } catch (IOException e) {
            foreign(e);
        } finally {
            end.countDown();
        }
    }

    /** A line of mosquitto_sub: with -v it begins with the topic. */
    private void read(String line) {
        int payload = options.topicForm.isPresent() ? Math.max(0, line.indexOf(' ')) : payload(line);
        arrived(line.substring(0, payload), line.substring(payload).strip().getBytes(StandardCharsets.UTF_8));
    }

    /** Where an object or an array of them begins; a topic before it may have blanks. */
    private static int payload(String line) {
        int object = line.indexOf(" {");
        int array = line.indexOf(" [{");
        int first = array < 0 || object >= 0 && object < array ? object : array;
        return line.startsWith("{") || line.startsWith("[") ? 0 : Math.max(0, first);
    }

    private void arrived(String topic, byte[] payload) {
        lastArrival = System.nanoTime();
        try {
            if (options.topicForm.isPresent()) {
                account.arrived(options.topicForm.get().read(topic, payload));
            } else {
                Payloads.read(payload).forEach(account::arrived);
            }
        } catch (IOException e) {
            foreign(e);
        }
    }

    private synchronized void foreign(IOException why) {
        foreign++;
        if (firstForeign.isEmpty()) {
            firstForeign = String.valueOf(why.getMessage());
        }
    }

    private void awaitEnd() throws InterruptedException {
        if (options.idle.isEmpty()) {
            end.await();
            return;
        }
        Duration idle = options.idle.get();
        long left = idle.toNanos();
        while (left > 0 && !end.await(left, TimeUnit.NANOSECONDS)) {
            left = idle.toNanos() - (System.nanoTime() - lastArrival);
        }
    }

    private synchronized int print() {
        expect();
        if (options.fromFirst) {
            account.beginAtFirst();
        }
        Report report = account.report();
        report.streams().forEach(this::print);
        if (foreign > 0) {
            out.println("not understood: " + foreign + " messages; the first: " + firstForeign);
        }
        boolean proven = report.isComplete() && report.isOrdered() && report.duplicates() <= options.allowedDuplicates
            && foreign == 0 && !report.streams().isEmpty();
        out.printf("%s: %d streams, %d received, %d in the ledger, %d missing, %d duplicates, %d out of order%n",
            proven ? "PROVEN" : report.streams().isEmpty() ? "NOTHING ARRIVED" : "NOT PROVEN", report.streams().size(),
            report.received(), report.ledger(), report.missing(), report.duplicates(), report.reorders());
        out.flush();
        return proven ? PROVEN : NOT_PROVEN;
    }

    private void print(StreamReport stream) {
        out.printf("%s: %d sequenced = %d received + %d in the ledger%s%n", stream.stream(), stream.sequenced(),
            stream.received(), stream.ledger(), stream.isComplete() ? "" : " + " + stream.missingCount() + " MISSING");
        if (!stream.isComplete()) {
            out.println("  missing: " + some(stream.missing()));
        }
        if (stream.duplicates() > 0) {
            out.println("  duplicates: " + stream.duplicates() + ", of " + some(stream.duplicated()));
        }
        if (stream.reorders() > 0) {
            out.println("  out of order: " + stream.reorders() + " times; " + some(stream.reordered()));
        }
    }

    private static String some(List<?> things) {
        return things.stream().limit(MOST_EXAMPLES).map(Object::toString).collect(Collectors.joining(", "))
            + (things.size() > MOST_EXAMPLES ? " and " + (things.size() - MOST_EXAMPLES) + " more" : "");
    }
}
