// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.drivers.gpio.LineConfig.Counter;
import edge.drivers.gpio.LineConfig.Drive;
import edge.drivers.gpio.LineConfig.Edge;
import edge.drivers.gpio.LineConfig.Input;
import edge.drivers.gpio.LineConfig.Output;
import edge.drivers.gpio.LineConfig.Pull;
import edge.drivers.gpio.LineConfig.Rate;
import edge.drivers.gpio.LineConfig.Role;
import edge.json.Json;
import edge.json.JsonException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/** Reads what only inputs, only counters or only outputs have. */
final class RoleParser {

    private static final long MAX_DEBOUNCE = 60_000;
    private static final int MIN_TOGGLE = 20;
    private static final long ZERO_AFTER = 60_000;
    private static final long MIN_UPLINK_LOSS = 1000;
    private static final String KEEP = "keep";

    private enum Per {
        SECOND(ChronoUnit.SECONDS), MINUTE(ChronoUnit.MINUTES), HOUR(ChronoUnit.HOURS);

        private final ChronoUnit unit;

        Per(ChronoUnit unit) {
            this.unit = unit;
        }
    }

    private final GpioProvider provider;

    RoleParser(GpioProvider provider) {
        this.provider = provider;
    }

    Input input(Json.Obj line, Edge otherwise) throws JsonException {
        if (provider == GpioProvider.LINUXFS) {
            Attributes.refuse(line, "pull",
                "the sysfs cannot set it: use the provider chardev, a resistor, or leave it out");
        }
        if (provider != GpioProvider.MOCK) {
            Attributes.refuse(line, "toggle", "only simulated lines can toggle, and the provider is " + provider.label());
        }
        return new Input(Attributes.choice(line, "edge", otherwise, Edge.class),
            Attributes.millis(line, "debounce", 0, 0, MAX_DEBOUNCE),
            Attributes.choice(line, "pull", Pull.NONE, Pull.class),
            Attributes.millis(line, "toggle", 0, MIN_TOGGLE, Attributes.DAY));
    }

    Counter counter(Json.Obj line) throws JsonException {
        double perPulse = line.number("perPulse", 0);
        if (line.has("perPulse") && !(perPulse > 0)) {
            throw line.get("perPulse").place().problem("must be more than 0, not " + line.get("perPulse").describe());
        }
        return new Counter(input(line, Edge.RISING), perPulse, line.text("unit", ""),
            line.has("rate") ? Optional.of(rate(line.get("rate").asObject())) : Optional.empty());
    }

    private static Rate rate(Json.Obj rate) throws JsonException {
        rate.allowOnly(Set.of("name", "unit", "per", "zeroAfter"));
        return new Rate(rate.text("name"), rate.text("unit", ""),
            Attributes.choice(rate, "per", Per.SECOND, Per.class).unit.getDuration(),
            Attributes.millis(rate, "zeroAfter", ZERO_AFTER, 1, Attributes.DAY));
    }

    Output output(Json.Obj line) throws JsonException {
        boolean safe = line.bool("safe", false);
        Optional<Boolean> initial = start(line, "initial", Optional.of(safe));
        Duration pulse = Attributes.millis(line, "pulse", 0, 1, Attributes.DAY);
        if (!pulse.isZero()) {
            if (!Attributes.access(line).canWrite()) {
                throw line.get("pulse").place().problem("only what may be written can be pulsed: add \"access\": \"read-write\"");
            }
            if (initial.orElse(false) || safe) {
                throw line.get("pulse").place()
                    .problem("a pulse is true for a while, so that initial and safe must be false");
            }
        }
        return new Output(drive(line), initial, start(line, "afterCrash", initial), safe,
            Attributes.millis(line, "uplinkLoss", 0, MIN_UPLINK_LOSS, Attributes.DAY), pulse);
    }

    private Drive drive(Json.Obj line) throws JsonException {
        if (provider != GpioProvider.CHARDEV) {
            Attributes.refuse(line, "drive", "only the provider chardev can set it, not " + provider.label());
        }
        return Attributes.choice(line, "drive", Drive.PUSH_PULL, Drive.class);
    }

    /** A value at start: true, false, or what the line has. */
    private Optional<Boolean> start(Json.Obj line, String name, Optional<Boolean> otherwise) throws JsonException {
        if (!line.has(name)) {
            return otherwise;
        }
        Json node = line.get(name);
        if (node instanceof Json.Bool bool) {
            return Optional.of(bool.value());
        }
        if (!(node instanceof Json.Text text) || !text.value().equals(KEEP)) {
            throw node.place().problem("must be true, false or \"keep\", not " + node.describe());
        }
        if (provider != GpioProvider.CHARDEV) {
            throw node.place().problem("only the provider chardev can keep what the line has, not " + provider.label());
        }
        return Optional.empty();
    }
}
