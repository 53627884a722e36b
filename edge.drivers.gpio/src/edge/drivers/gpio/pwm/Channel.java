// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.pwm;

import com.pi4j.plugin.linuxfs.internal.LinuxPwm;
import edge.api.device.Tag;
import edge.api.value.Value;
import edge.drivers.gpio.polled.Cell;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * One channel as a tag: its duty cycle in percent.
 *
 * @param chip number of the chip: 0 is {@code pwmchip0}
 * @param channel number in the chip
 * @param hertz frequency
 * @param inverted whether the pulse is low
 * @param initial percent at start
 * @param safe percent when the driver lets it go
 */
record Channel(Tag tag, int chip, int channel, double hertz, boolean inverted, double initial, double safe)
    implements Cell<Channels> {

    private static final double NANOS = 1e9;
    private static final double PERCENT = 100;
    private static final int TRIES = 50;
    private static final long PAUSE_MILLIS = 10;

    @FunctionalInterface
    private interface Use<T> {
        T of(LinuxPwm pwm) throws IOException;
    }

    private long period() {
        return Math.round(NANOS / hertz);
    }

    private long duty(double percent) {
        return Math.round(period() * percent / PERCENT);
    }

    /** Begins to pulse. The kernel refuses a period shorter than the duty, and a polarity while it pulses. */
    void open(String path) throws IOException {
        use(path, pwm -> {
            if (!pwm.isExported()) {
                pwm.export();
            }
            awaitPermission(Path.of(pwm.pwmPath(), "duty_cycle"));
            LinuxPwm.Polarity polarity = inverted ? LinuxPwm.Polarity.INVERSED : LinuxPwm.Polarity.NORMAL;
            if (pwm.polarity() != polarity) {
                pwm.enabled(false);
                pwm.polarity(polarity);
            }
            if (pwm.period() != period()) {
                pwm.dutyCycle(0);
                pwm.period(period());
            }
            pwm.dutyCycle(duty(initial));
            pwm.enabled(true);
            return null;
        });
    }

    /** The kernel creates the files for root, and udev gives them to the gateway's user a little later. */
    private static void awaitPermission(Path file) {
        try {
            for (int i = 0; i < TRIES && !Files.isWritable(file); i++) {
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Goes on pulsing as is safe: giving the channel back would let it float. */
    void close(String path) throws IOException {
        use(path, pwm -> {
            pwm.dutyCycle(duty(safe));
            return null;
        });
    }

    @Override
    public Value read(Channels channels) throws IOException {
        return use(channels.path(), pwm -> Value.real(pwm.dutyCycle() * PERCENT / period()));
    }

    @Override
    public void write(Channels channels, Value value) throws IOException {
        if (!(value instanceof Value.Real percent) || !(percent.value() >= 0 && percent.value() <= PERCENT)) {
            throw new IllegalArgumentException("takes 0 to 100 percent, not " + value);
        }
        use(channels.path(), pwm -> {
            pwm.dutyCycle(duty(percent.value()));
            return null;
        });
    }

    private <T> T use(String path, Use<T> use) throws IOException {
        try {
            return use.of(new LinuxPwm(path, chip, channel));
        } catch (IOException e) {
            throw new IOException("channel " + channel + " of pwmchip" + chip + " (" + tag.name() + ") " + sentence(e), e);
        }
    }

    private static String sentence(IOException e) {
        if (e instanceof NoSuchFileException missing) {
            return "does not exist (" + missing.getFile() + "): check 'chip' and 'channel', and the board's device tree";
        } else if (e instanceof AccessDeniedException denied) {
            return "may not be used (" + denied.getFile() + "): add the gateway's user to the group that owns it";
        }
        return "was refused by the kernel: " + e.getMessage();
    }
}
