// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.io.gpio.digital.Digital;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.PullResistance;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines of one device, as Pi4J's digital inputs and outputs. */
final class PiHead implements Head {

    private static final Logger LOG = LoggerFactory.getLogger(PiHead.class);

    /** A line that is ours. */
    record Claimed(LineConfig config, Digital<?, ?, ?> io) {
    }

    private final Pi4jLink link;
    private final List<Claimed> lines = new ArrayList<>();
    private boolean closed;

    private PiHead(Pi4jLink link) {
        this.link = link;
    }

    /** Claims all lines or none. The link is released when that fails. */
    static PiHead open(Pi4jLink link, String device, List<LineConfig> configs, Listener listener) throws HeadException {
        PiHead head = new PiHead(link);
        try {
            for (LineConfig config : configs) {
                head.claim(device, config, listener);
            }
            return head;
        } catch (HeadException e) {
            head.close();
            throw e;
        }
    }

    private void claim(String device, LineConfig config, Listener listener) throws HeadException {
        try {
            String id = device + ':' + config.name();
            if (config.isInput()) {
                int index = lines.size();
                DigitalInput input = input(id, config);
                lines.add(new Claimed(config, input));
                input.addListener(event -> listener.edge(index, event.state() == DigitalState.HIGH, Instant.now()));
            } else {
                lines.add(new Claimed(config, output(id, config)));
            }
        } catch (RuntimeException | LinkageError e) {
            throw problem("cannot be claimed", config, e);
        }
    }

    private DigitalInput input(String id, LineConfig config) {
        DigitalInput input = link.inputs().create(DigitalInput.newConfigBuilder(link.context()).id(id)
            .inheritProperties(false).address(config.line()).debounce(0L).pull(pull(config)).build());
        if (input instanceof MockDigitalInput simulated) {
            simulated.mockState(state(config.pull() == LineConfig.Pull.UP));
        }
        return input;
    }

    private DigitalOutput output(String id, LineConfig config) {
        return link.outputs().create(DigitalOutput.newConfigBuilder(link.context()).id(id).inheritProperties(false)
            .address(config.line()).initial(state(config.flip(config.initial())))
            .shutdown(state(config.flip(config.safe()))).build());
    }

    private static PullResistance pull(LineConfig config) {
        return switch (config.pull()) {
            case NONE -> PullResistance.OFF;
            case UP -> PullResistance.PULL_UP;
            case DOWN -> PullResistance.PULL_DOWN;
        };
    }

    private static DigitalState state(boolean level) {
        return level ? DigitalState.HIGH : DigitalState.LOW;
    }

    @Override
    public boolean level(int index) throws HeadException {
        Claimed line = lines.get(index);
        try {
            DigitalState state = line.io().state();
            if (state == DigitalState.UNKNOWN) {
                throw new HeadException("line " + line.config().line() + " (" + line.config().name()
                    + ") reports neither high nor low");
            }
            return state == DigitalState.HIGH;
        } catch (RuntimeException e) {
            throw problem("cannot be read", line.config(), e);
        }
    }

    @Override
    public void drive(int index, boolean level) throws HeadException {
        Claimed line = lines.get(index);
        if (!(line.io() instanceof DigitalOutput output)) {
            throw new HeadException("line " + line.config().line() + " (" + line.config().name() + ") is an input");
        }
        try {
            output.state(state(level));
        } catch (RuntimeException e) {
            throw problem("cannot be driven", line.config(), e);
        }
    }

    @Override
    public void pull(int index, boolean level) {
        if (!(lines.get(index).io() instanceof MockDigitalInput simulated)) {
            throw new UnsupportedOperationException("not a simulated line");
        }
        simulated.mockState(state(level));
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            link.release().accept(lines);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("giving lines back failed: {}", e.toString());
        }
    }

    private static HeadException problem(String what, LineConfig config, Throwable cause) {
        String line = "line " + config.line() + " (" + config.name() + ") " + what + ": ";
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof HeadException known) {
                return known;
            } else if (e instanceof IOException io) {
                return new HeadException(line + SysfsProblem.sentence(io), cause);
            } else if (e instanceof LinkageError) {
                return new HeadException(line + "the native code of Pi4J's gpiod does not load on "
                    + System.getProperty("os.arch") + " (" + e.getMessage() + "); use linuxfs", cause);
            } else if (e.getMessage() != null && e.getMessage().contains("gpio chip")) {
                return new HeadException(line + "Pi4J's gpiod finds no GPIO chip, it works on a Raspberry Pi only;"
                    + " use linuxfs", cause);
            }
        }
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new HeadException(line + (root.getMessage() == null ? root.toString() : root.getMessage()), cause);
    }
}
