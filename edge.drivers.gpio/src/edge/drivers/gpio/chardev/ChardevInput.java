// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.chardev;

import com.pi4j.context.Context;
import com.pi4j.exception.InitializeException;
import com.pi4j.exception.ShutdownException;
import com.pi4j.io.exception.IOException;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalInputBase;
import com.pi4j.io.gpio.digital.DigitalInputConfig;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.DigitalStateChangeEvent;
import com.pi4j.io.gpio.digital.PullResistance;
import edge.drivers.gpio.kernel.EdgeReader;
import edge.drivers.gpio.kernel.GpioChip;
import edge.drivers.gpio.kernel.KernelException;
import edge.drivers.gpio.kernel.LineRequest;
import edge.drivers.gpio.kernel.LineSettings;
import edge.drivers.gpio.kernel.LineSettings.Bias;
import java.time.Duration;
import java.time.Instant;

/**
 * One input. The kernel debounces it and stamps its edges. Listeners, Pi4J's too, are called on the edge reader's thread;
 * {@link #state()} by one thread at a time.
 */
public final class ChardevInput extends DigitalInputBase {

    /** Property: which edges the kernel is asked for, {@code both} unless said. */
    public static final String EDGE = "edge";
    public static final String RISING = "rising";
    public static final String FALLING = "falling";

    private final ChardevInputProvider chip;
    private final Duration debounce;
    private LineRequest line;
    private volatile EdgeReader.Listener listener;

    ChardevInput(ChardevInputProvider provider, DigitalInputConfig config) {
        super(provider, config);
        chip = provider;
        debounce = config.debounce() == null ? Duration.ZERO : Duration.ofNanos(config.debounce() * 1000);
    }

    @Override
    public DigitalInput initialize(Context context) throws InitializeException {
        String edge = config.properties().getOrDefault(EDGE, "both");
        LineSettings settings = LineSettings.input(!edge.equals(FALLING), !edge.equals(RISING), bias(config.pull()),
            (int) (debounce.toNanos() / 1000));
        try (GpioChip opened = GpioChip.open(chip.device())) {
            line = opened.request(config.address(), settings, config.id());
        } catch (KernelException e) {
            throw new InitializeException(e);
        }
        return super.initialize(context);
    }

    private static Bias bias(PullResistance pull) {
        return switch (pull) {
            case PULL_UP -> Bias.PULL_UP;
            case PULL_DOWN -> Bias.PULL_DOWN;
            default -> Bias.AS_IS;
        };
    }

    /**
     * Begins to report edges, with what Pi4J's own events lack: time and number. Edges since the line was claimed are
     * reported too. To be called once.
     */
    public void listen(EdgeReader.Listener first) {
        listener = first;
        chip.reader().watch(line, new EdgeReader.Listener() {
            @Override
            public void edge(boolean high, Instant time, int missed) {
                // The kernel reports a level when it has held long enough.
                listener.edge(high, time.minus(debounce), missed);
                dispatch(new DigitalStateChangeEvent<DigitalInput>(ChardevInput.this,
                    high ? DigitalState.HIGH : DigitalState.LOW));
            }

            @Override
            public void ended() {
                listener.ended();
            }
        });
    }

    @Override
    public DigitalState state() {
        try {
            return line.level() ? DigitalState.HIGH : DigitalState.LOW;
        } catch (KernelException e) {
            throw new IOException(e);
        }
    }

    /** The reader must have been closed. */
    @Override
    public DigitalInput shutdown(Context context) throws ShutdownException {
        if (line != null) {
            line.close();
        }
        return super.shutdown(context);
    }
}
