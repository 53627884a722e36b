// SPDX-License-Identifier: Apache-2.0
package @NAME@;

import edge.api.device.Access;
import edge.api.device.DeviceException;
import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.device.LinkState;
import edge.api.device.Quality;
import edge.api.device.Quality.Reason;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.Scan;
import edge.api.device.Tag;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device. The gateway makes one of these for each file {@code etc/@NAME@~DEVICE.cfg.json}.
 *
 * <p>Every method returns at once: what waits for the device is done on the one thread of this device.
 */
@Component(name = Device.PID, service = FieldDevice.class, immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Device.Config.class, factory = true)
public final class Device implements FieldDevice {
    static final String PID = "@NAME@";

    private static final Logger LOG = LoggerFactory.getLogger(Device.class);
    private static final int MOST_WAITING = 32;
    private static final String GOING = "the device is switched off or its driver is being replaced";

    /** What a configuration may say. The console makes a form of it. */
    @ObjectClassDefinition(name = "@TITLE@", description = "A device that speaks lines of text over TCP.")
    public @interface Config {
        @AttributeDefinition(name = "Host", description = "Name or address of the device.")
        String host();

        @AttributeDefinition(name = "Port", description = "Its TCP port.", min = "1", max = "65535")
        int port() default 4001;

        @AttributeDefinition(name = "Period", description = "How often it is read, in milliseconds.", min = "10",
            max = "86400000")
        long period() default 1000;

        @AttributeDefinition(name = "Time-out", description = "How long an answer may take, in milliseconds.", min = "10",
            max = "60000")
        int timeout() default 1000;
    }

    private final DeviceInfo info;
    private final List<Tag> tags;
    private final Connection connection;
    private final ThreadPoolExecutor thread;

    /** Something to do on the device's thread, and what to do instead when the device goes. */
    private record Work(Runnable action, Runnable paused) implements Runnable {
        @Override
        public void run() {
            action.run();
        }
    }

    @Activate
    public Device(Config config, Map<String, Object> properties) {
        String pid = (String) properties.get("service.pid");
        String name = pid.substring(pid.indexOf('~') + 1);
        info = new DeviceInfo(name, PID, "tcp://" + config.host() + ":" + config.port(), "");
        Duration period = Duration.ofMillis(config.period());
        tags = List.of(
            new Tag("temperature", DataType.FLOAT64, "°C", Access.READ, period, ReportPolicy.ALWAYS, "What it measures"),
            new Tag("setpoint", DataType.FLOAT64, "°C", Access.READ_WRITE, period, ReportPolicy.ALWAYS, "What it should be"));
        connection = new Connection(InetSocketAddress.createUnresolved(config.host(), config.port()), config.timeout());
        thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), work -> {
            Thread made = new Thread(work, PID + "-" + name);
            made.setDaemon(true);
            return made;
        }, (work, executor) -> ((Work) work).paused().run());
        LOG.info("{} reads {}", name, info.address());
        thread.execute(new Work(this::connect, () -> { }));
    }

    private void connect() {
        try {
            connection.connect();
        } catch (DeviceException e) {
            LOG.warn("{}: {}; it is tried again at each scan", info.name(), e.getMessage());
        }
    }

    @Deactivate
    void stop() {
        connection.close();
        thread.shutdownNow().forEach(work -> ((Work) work).paused().run());
        try {
            if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("The thread of {} has not ended after 2 s", info.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        return connection.state();
    }

    /** Called once for the tags that share a period, so plan here: this device wants a line for each tag. */
    @Override
    public Scan prepare(List<Tag> wanted) {
        List<Tag> list = List.copyOf(wanted);
        return () -> {
            CompletableFuture<List<Reading>> result = new CompletableFuture<>();
            thread.execute(new Work(() -> result.complete(read(list)), () -> result.complete(paused(list))));
            return result;
        };
    }

    @Override
    public CompletionStage<Void> write(Tag tag, Value value) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        thread.execute(new Work(() -> {
            try {
                connection.ask("SET " + tag.name() + " " + ((Value.Real) value).value());
                result.complete(null);
            } catch (DeviceException e) {
                result.completeExceptionally(new DeviceException(e.reason(), info.name() + ", tag " + tag.name() + ": "
                    + e.getMessage()));
            }
        }, () -> result.completeExceptionally(new DeviceException(Reason.PAUSED, info.name() + ", tag "
            + tag.name() + ": " + GOING))));
        return result;
    }

    private List<Reading> read(List<Tag> list) {
        List<Reading> readings = new ArrayList<>(list.size());
        for (Tag tag : list) {
            readings.add(read(tag));
        }
        return readings;
    }

    /** A bad read is data, not an exception: it says what was wrong, and its neighbours are read all the same. */
    private Reading read(Tag tag) {
        String answer = "";
        try {
            answer = connection.ask("GET " + tag.name());
            return new Reading(tag, Value.real(Double.parseDouble(answer)), Quality.GOOD, Instant.now());
        } catch (DeviceException e) {
            return bad(tag, e.reason(), e.getMessage());
        } catch (NumberFormatException e) {
            return bad(tag, Reason.MALFORMED, "'" + answer + "' is no number");
        }
    }

    private static List<Reading> paused(List<Tag> list) {
        return list.stream().map(tag -> bad(tag, Reason.PAUSED, GOING)).toList();
    }

    private static Reading bad(Tag tag, Reason reason, String detail) {
        return new Reading(tag, Value.NONE, Quality.bad(reason, detail), Instant.now());
    }
}
