// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.device.DeviceFact;
import edge.api.device.FieldDevice;
import edge.api.device.LinkState;
import edge.api.device.Quality;
import edge.api.device.Scan;
import edge.api.device.ScanStatistics;
import edge.api.device.Tag;
import edge.api.value.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver's side of one device: its scans, its observation, its link. Dropped as a whole when the driver goes. */
final class DeviceScanner {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceScanner.class);
    // A scan that comes soon anyway is not brought forward when the link returns.
    private static final long LONG_PERIOD = TimeUnit.SECONDS.toNanos(2);

    private final FieldDevice driver;
    private final DeviceRecord device;
    private final Schedule schedule;
    private final WriteLimit writeLimit;
    private final List<ScanGroup> groups = new ArrayList<>();
    private final ObservedTags observed;
    private final boolean readSeldom;
    private volatile boolean wasConnected;
    private volatile boolean looking;

    /** Has the driver prepare its scans. What cannot be prepared is BAD; the rest is read. */
    DeviceScanner(FieldDevice driver, DeviceRecord device, DriverFaults faults, Schedule schedule, Executor beside) {
        this.driver = driver;
        this.device = device;
        this.schedule = schedule;
        this.writeLimit = new WriteLimit(device.size());
        DriverCalls calls = new DriverCalls(beside, () -> faults.blocks(device.name(), device.info().driver()));
        Map<Duration, List<Integer>> byPeriod = new TreeMap<>();
        for (int i = 0; i < device.size(); i++) {
            if (device.tag(i).access().canRead()) {
                byPeriod.computeIfAbsent(device.tag(i).period(), period -> new ArrayList<>()).add(i);
            }
        }
        List<Integer> reporting = byPeriod.remove(Duration.ZERO);
        observed = reporting == null ? null : new ObservedTags(device, faults, schedule, array(reporting));
        byPeriod.forEach((period, indexes) ->
            groups.add(new ScanGroup(device, faults, schedule, calls, prepare(indexes), array(indexes), period)));
        readSeldom = groups.stream().anyMatch(group -> group.periodNanos() > LONG_PERIOD);
    }

    void begin() {
        wasConnected = isConnected();
        groups.forEach(ScanGroup::begin);
        if (observed != null) {
            observed.begin(driver);
        }
    }

    /** Ends it. Its tags become BAD, reason PAUSED; the driver may be gone already. */
    void close() {
        groups.forEach(ScanGroup::close);
        if (observed != null) {
            observed.close();
        }
        int[] all = new int[device.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        device.inOrder(() ->
            device.applyBad(all, Quality.Reason.PAUSED, "the driver is stopped or being replaced, or the device was removed"));
    }

    /** Returns at once; a driver that fails to say is not connected. */
    LinkState link() {
        try {
            LinkState link = driver.link();
            if (link != null && link.phase() != null) {
                return link;
            }
        } catch (RuntimeException | LinkageError e) {
            return unknownLink("the driver failed to tell: " + e);
        }
        return unknownLink("the driver does not tell");
    }

    /** Reads what is read seldom as soon as the link is back. By the timer only. */
    void lookAtLink() {
        if (!readSeldom || looking) {
            return; // a driver that does not return from telling is not asked again
        }
        looking = true;
        boolean isConnected = isConnected();
        if (isConnected && !wasConnected) {
            for (ScanGroup group : groups) {
                if (group.periodNanos() > LONG_PERIOD) {
                    group.scanSoon();
                }
            }
        }
        wasConnected = isConnected;
        looking = false;
    }

    /** For how long nobody may do anything from now on without this costing a scan. */
    long slack(long now) {
        return groups.stream().mapToLong(group -> group.slack(now)).min().orElse(Long.MAX_VALUE);
    }

    /** Has one tag, and those that are read with it, read as soon as possible. */
    void scanSoon(int index) {
        for (ScanGroup group : groups) {
            if (group.reads(index)) {
                group.scanSoon();
            }
        }
    }

    /** Whether the tag may be written now; if so, it counts as written. */
    boolean takeWrite(int index) {
        return writeLimit.take(index, schedule.now());
    }

    CompletionStage<Void> write(Tag tag, Value value) {
        return driver.write(tag, value);
    }

    List<ScanStatistics> statistics() {
        return groups.stream().map(ScanGroup::statistics).toList();
    }

    /** What the driver tells about the device; nothing if it fails at that. */
    List<DeviceFact> facts() {
        try {
            List<DeviceFact> facts = driver.facts();
            return facts == null ? List.of() : facts;
        } catch (RuntimeException e) {
            LOG.debug("The driver of device {} failed to tell facts", device.name(), e);
            return List.of();
        }
    }

    private boolean isConnected() {
        return link().phase() == LinkState.Phase.CONNECTED;
    }

    private LinkState unknownLink(String detail) {
        return new LinkState(LinkState.Phase.DISCONNECTED, device.since(), detail);
    }

    private Scan prepare(List<Integer> indexes) {
        List<Tag> tags = indexes.stream().map(device::tag).toList();
        try {
            Scan scan = driver.prepare(tags);
            if (scan != null) {
                return scan;
            }
        } catch (Throwable e) { // whatever a driver throws must not keep its other tags from being read
            return () -> {
                throw new IllegalStateException("it could not be prepared: " + e, e);
            };
        }
        return () -> {
            throw new IllegalStateException("it could not be prepared: the driver gave none");
        };
    }

    private static int[] array(List<Integer> indexes) {
        return indexes.stream().mapToInt(Integer::intValue).toArray();
    }
}
