// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.chardev;

import com.pi4j.context.Context;
import com.pi4j.exception.InitializeException;
import com.pi4j.exception.ShutdownException;
import com.pi4j.io.exception.IOException;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalOutputBase;
import com.pi4j.io.gpio.digital.DigitalOutputConfig;
import com.pi4j.io.gpio.digital.DigitalState;
import edge.drivers.gpio.kernel.GpioChip;
import edge.drivers.gpio.kernel.KernelException;
import edge.drivers.gpio.kernel.LineRequest;
import edge.drivers.gpio.kernel.LineSettings;
import edge.drivers.gpio.kernel.LineSettings.Drive;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One output. It becomes one with its initial level in a single step; without an initial state it keeps the level that the
 * line has. Used by one thread at a time.
 *
 * <p>When it is shut down it takes its shutdown state and is given back to the kernel. What the line does then is up to the
 * chip: most keep the level, some let the line float.
 */
public final class ChardevOutput extends DigitalOutputBase {

    /** Property: how the line is driven, {@code push-pull} unless said. */
    public static final String DRIVE = "drive";
    public static final String OPEN_DRAIN = "open-drain";
    public static final String OPEN_SOURCE = "open-source";

    private static final Logger LOG = LoggerFactory.getLogger(ChardevOutput.class);

    private final ChardevOutputProvider chip;
    private LineRequest line;

    ChardevOutput(ChardevOutputProvider provider, DigitalOutputConfig config) {
        super(provider, config);
        chip = provider;
    }

    @Override
    public DigitalOutput initialize(Context context) throws InitializeException {
        DigitalState initial = config.initialState();
        try (GpioChip opened = GpioChip.open(chip.device())) {
            if (initial == null || initial == DigitalState.UNKNOWN) {
                line = opened.request(config.address(), LineSettings.AS_IS, config.id());
                line.configure(LineSettings.output(line.level(), drive()));
            } else {
                line = opened.request(config.address(), LineSettings.output(initial.isHigh(), drive()), config.id());
                state = initial;
            }
        } catch (KernelException e) {
            if (line != null) {
                line.close();
            }
            throw new InitializeException(e);
        }
        return super.initialize(context);
    }

    private Drive drive() {
        return switch (config.properties().getOrDefault(DRIVE, "push-pull")) {
            case OPEN_DRAIN -> Drive.OPEN_DRAIN;
            case OPEN_SOURCE -> Drive.OPEN_SOURCE;
            default -> Drive.PUSH_PULL;
        };
    }

    @Override
    public DigitalOutput state(DigitalState level) throws IOException {
        try {
            line.level(level.isHigh());
        } catch (KernelException e) {
            throw new IOException(e);
        }
        return super.state(level);
    }

    /** The level that the line has, which is not the one asked for when something else pulls harder. */
    @Override
    public DigitalState state() {
        try {
            return line.level() ? DigitalState.HIGH : DigitalState.LOW;
        } catch (KernelException e) {
            throw new IOException(e);
        }
    }

    @Override
    public DigitalOutput shutdown(Context context) {
        if (line != null) {
            try {
                super.shutdown(context);
            } catch (ShutdownException | IOException e) {
                // A chip that is gone cannot be told; its lines have to be given back all the same.
                LOG.debug("{} did not take its safe level: {}", config.id(), e.toString());
            } finally {
                line.close();
            }
        }
        return this;
    }
}
