// SPDX-License-Identifier: Apache-2.0
package edge.test.driver;

import edge.api.device.Access;
import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.device.LinkState;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.Scan;
import edge.api.device.Tag;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * A driver without hardware that does what its manifest says, good or bad: {@code X-Mode}, and {@code X-Device},
 * {@code X-Tags}, {@code X-Period} for its one device, whose tags count its scans.
 */
public final class ModalDriver implements BundleActivator, FieldDevice {

    private static final List<Object> HOARD = new ArrayList<>();

    private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();

    private String mode;
    private DeviceInfo info;
    private List<Tag> tags;
    private Duration period;
    private long scans;

    @Override
    public void start(BundleContext context) throws Exception {
        Bundle bundle = context.getBundle();
        mode = bundle.getHeaders("").get("X-Mode");
        String device = bundle.getHeaders("").get("X-Device");
        period = Duration.ofMillis(Long.parseLong(bundle.getHeaders("").get("X-Period")));
        info = new DeviceInfo(device, bundle.getSymbolicName(), "modal://" + mode, "");
        tags = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(bundle.getHeaders("").get("X-Tags")); i++) {
            tags.add(new Tag("t" + i, DataType.INT64, "", Access.READ, period, ReportPolicy.ALWAYS, ""));
        }
        misbehave(bundle);
        context.registerService(FieldDevice.class, this, null);
    }

    private void misbehave(Bundle bundle) throws Exception {
        switch (mode) {
            case "throw" -> throw new IllegalStateException("no licence for this plant");
            case "block" -> Thread.sleep(Long.MAX_VALUE);
            case "threads" -> {
                for (int i = 0; i < 80; i++) {
                    aside("leak-" + i, ModalDriver::rest);
                }
            }
            case "sockets" -> {
                for (int i = 0; i < 150; i++) {
                    HOARD.add(new DatagramSocket());
                }
            }
            case "allocate" -> aside("hoarder", ModalDriver::hoard);
            case "loop" -> {
                for (int i = 0; i < 3; i++) {
                    aside("endless-" + i, ModalDriver::loop);
                }
            }
            case "exit" -> aside("quitter", () -> System.exit(0));
            case "halt" -> aside("killer", () -> Runtime.getRuntime().halt(42));
            case "halt-when-told" -> {
                Path told = Path.of(bundle.getHeaders("").get("X-Told-By"));
                aside("killer", () -> haltWhenThereIs(told));
            }
            case "exit-in-start" -> System.exit(7);
            case "holds-thread" -> aside("left-behind", ModalDriver::rest);
            case "holds-timer" -> new Timer("forgotten-timer", true).schedule(new Forgotten(), 60_000, 60_000);
            case "holds-hook" -> Runtime.getRuntime().addShutdownHook(new Thread(HOARD::clear, "forgotten-hook"));
            case "holds-bean" -> Counts.register();
            default -> HOARD.clear();
        }
    }

    /** A task that nobody cancels. */
    public static final class Forgotten extends TimerTask {
        @Override
        public void run() {
            HOARD.clear();
        }
    }

    /** What a management bean shows. */
    public interface CountsMBean {
        int getCount();
    }

    /** A management bean that nobody unregisters. */
    public static final class Counts implements CountsMBean {
        static void register() throws JMException {
            ManagementFactory.getPlatformMBeanServer().registerMBean(new Counts(), new ObjectName("acme:type=Forgotten"));
        }

        @Override
        public int getCount() {
            return HOARD.size();
        }
    }

    private static void aside(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void rest() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void haltWhenThereIs(Path file) {
        try {
            while (!Files.exists(file)) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            return;
        }
        Runtime.getRuntime().halt(42);
    }

    private static void loop() {
        long n = 0;
        while (n >= 0) {
            n = n + 1 & Long.MAX_VALUE;
        }
    }

    private static void hoard() {
        while (true) {
            HOARD.add(new byte[1 << 20]);
            try {
                Thread.sleep(15);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void stop(BundleContext context) throws IOException {
        if (!mode.equals("sockets")) {
            HOARD.clear();
        }
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public List<Tag> tags() {
        return tags;
    }

    @Override
    public LinkState link() {
        return new LinkState(LinkState.Phase.CONNECTED, Instant.EPOCH, "");
    }

    @Override
    public Scan prepare(List<Tag> due) {
        return () -> scan(due);
    }

    private CompletionStage<List<Reading>> scan(List<Tag> due) {
        scans++;
        if (mode.equals("holds-local")) {
            LOCAL.set(new Forgotten()); // on a thread of the gateway
        }
        List<Reading> readings = new ArrayList<>();
        for (Tag tag : due) {
            readings.add(new Reading(tag, new Value.Signed(scans), Quality.GOOD, Instant.now()));
        }
        CompletableFuture<List<Reading>> answer = new CompletableFuture<>();
        switch (mode) {
            case "silent" -> answer.isDone();
            case "half" -> answer.completeOnTimeout(readings, period.toMillis() * 19 / 10, TimeUnit.MILLISECONDS);
            default -> answer.complete(readings);
        }
        return answer;
    }

    @Override
    public CompletionStage<Void> write(Tag tag, Value value) {
        return CompletableFuture.completedFuture(null);
    }
}
