// SPDX-License-Identifier: Apache-2.0
package edge.runtime.gateway;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The clocks of the operating system. How far the wall clock can be believed is looked up every few seconds, not at each
 * call: in time-critical paths {@link #now()} costs two clock reads.
 *
 * <p>The kernel's own answer (adjtimex) needs native code; instead a marker file is looked for, which systemd-timesyncd keeps
 * while it is synchronised. Images with another time service name its marker in the framework property
 * {@value #MARKER_PROPERTY}.
 */
@Component(immediate = true)
public final class SystemClock implements GatewayClock {
    static final String MARKER_PROPERTY = "edge.clock.synchronised";
    static final String BUILT_HEADER = "Edge-Built";
    private static final String DEFAULT_MARKER = "/run/systemd/timesync/synchronized";
    private static final long LOOK_EVERY_NANOS = 5_000_000_000L;

    private final Boot boot;
    private final Instant built;
    private final Path marker;
    private final LongSupplier nanoTime;
    private final InstantSource wall;
    private volatile boolean synchronised;
    private volatile long lookAgainAt;

    @Activate
    public SystemClock(BundleContext context) {
        this(Boot.ofThisProcess(), Instant.parse(context.getBundle().getHeaders("").get(BUILT_HEADER)), marker(context),
            System::nanoTime, InstantSource.system());
    }

    SystemClock(Boot boot, Instant built, Path marker, LongSupplier nanoTime, InstantSource wall) {
        this.boot = boot;
        this.built = built;
        this.marker = marker;
        this.nanoTime = nanoTime;
        this.wall = wall;
        this.lookAgainAt = nanoTime.getAsLong();
    }

    @Override
    public Moment now() {
        long nanos = nanoTime.getAsLong();
        Instant instant = wall.instant();
        return new Moment(nanos - boot.originNanos(), instant, confidence(nanos, instant));
    }

    @Override
    public UUID bootId() {
        return boot.id();
    }

    private ClockConfidence confidence(long nanos, Instant instant) {
        if (instant.isBefore(built)) {
            return ClockConfidence.UNSET;
        }
        if (nanos - lookAgainAt >= 0) {
            lookAgainAt = nanos + LOOK_EVERY_NANOS;
            synchronised = Files.exists(marker);
        }
        return synchronised ? ClockConfidence.SYNCHRONISED : ClockConfidence.PLAUSIBLE;
    }

    private static Path marker(BundleContext context) {
        String configured = context.getProperty(MARKER_PROPERTY);
        return Path.of(configured == null ? DEFAULT_MARKER : configured);
    }
}
