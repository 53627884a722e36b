// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.io.gpio.digital.Digital;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalOutputConfigBuilder;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.PullResistance;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInput;
import edge.drivers.gpio.chardev.ChardevInput;
import edge.drivers.gpio.chardev.ChardevOutput;
import edge.drivers.gpio.kernel.EdgeReader;
import edge.drivers.gpio.kernel.KernelException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    static PiHead open(Pi4jLink link, String device, List<LineConfig> configs, boolean crashed) throws HeadException {
        PiHead head = new PiHead(link);
        try {
            for (LineConfig config : configs) {
                head.claim(device, config, crashed);
            }
            return head;
        } catch (HeadException e) {
            head.close();
            throw e;
        }
    }

    private void claim(String device, LineConfig config, boolean crashed) throws HeadException {
        try {
            String id = device + ':' + config.name();
            lines.add(new Claimed(config, config.role() instanceof LineConfig.Output output
                ? output(id, config, output, crashed) : input(id, config)));
        } catch (RuntimeException | LinkageError e) {
            throw problem("cannot be claimed", config, e);
        }
    }

    private DigitalInput input(String id, LineConfig config) {
        LineConfig.Input how = config.input().orElseThrow();
        DigitalInput input = link.inputs(config).create(DigitalInput.newConfigBuilder(link.context()).id(id)
            .inheritProperties(false).address(link.address(config))
            .debounce(link.isExact() ? how.debounce().toMillis() * 1000 : 0L).pull(pull(how))
            .load(Map.of(ChardevInput.EDGE, kernelEdge(config))).build());
        if (input instanceof MockDigitalInput simulated) {
            simulated.mockState(state(how.pull() == LineConfig.Pull.UP));
        }
        return input;
    }

    /** A counter needs one edge of each pulse only; what is shown as a level needs both. */
    private static String kernelEdge(LineConfig config) {
        if (config.role() instanceof LineConfig.Counter counter && counter.input().edge() != LineConfig.Edge.BOTH) {
            boolean rising = config.flip(counter.input().edge() == LineConfig.Edge.RISING);
            return rising ? ChardevInput.RISING : ChardevInput.FALLING;
        }
        return "both";
    }

    private DigitalOutput output(String id, LineConfig config, LineConfig.Output how, boolean crashed) {
        DigitalOutputConfigBuilder builder = DigitalOutput.newConfigBuilder(link.context()).id(id).inheritProperties(false)
            .address(link.address(config)).shutdown(state(config.flip(how.safe())));
        (crashed ? how.afterCrash() : how.initial()).ifPresent(value -> builder.initial(state(config.flip(value))));
        return link.outputs(config).create(builder.load(Map.of(ChardevOutput.DRIVE, drive(how))).build());
    }

    private static String drive(LineConfig.Output how) {
        return switch (how.drive()) {
            case PUSH_PULL -> "push-pull";
            case OPEN_DRAIN -> ChardevOutput.OPEN_DRAIN;
            case OPEN_SOURCE -> ChardevOutput.OPEN_SOURCE;
        };
    }

    @Override
    public void listen(Listener listener) {
        for (int i = 0; i < lines.size(); i++) {
            int index = i;
            if (lines.get(i).io() instanceof ChardevInput input) {
                input.listen(new EdgeReader.Listener() {
                    @Override
                    public void edge(boolean high, Instant time, int missed) {
                        listener.edge(index, high, time, missed);
                    }

                    @Override
                    public void ended() {
                        listener.broken();
                    }
                });
            } else if (lines.get(i).io() instanceof DigitalInput input) {
                input.addListener(event -> listener.edge(index, event.state() == DigitalState.HIGH, Instant.now(), 0));
            }
        }
    }

    @Override
    public boolean isExact() {
        return link.isExact();
    }

    private static PullResistance pull(LineConfig.Input how) {
        return switch (how.pull()) {
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
                throw new HeadException(line.config().label() + " reports neither high nor low");
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
            throw new HeadException(line.config().label() + " is an input");
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
            link.release(lines);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("giving lines back failed: {}", e.toString());
        }
    }

    private static HeadException problem(String what, LineConfig config, Throwable cause) {
        String line = config.label() + " " + what + ": ";
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof HeadException known) {
                return known;
            } else if (e instanceof KernelException) {
                return new HeadException(line + e.getMessage(), cause);
            } else if (e instanceof IOException io) {
                return new HeadException(line + SysfsProblem.sentence(io), cause);
            } else if (e instanceof LinkageError) {
                return new HeadException(line + "the native code of Pi4J's gpiod does not load on "
                    + System.getProperty("os.arch") + " (" + e.getMessage() + "); use chardev", cause);
            } else if (e.getMessage() != null && e.getMessage().contains("gpio chip")) {
                return new HeadException(line + "Pi4J's gpiod finds no GPIO chip, it works on a Raspberry Pi only;"
                    + " use chardev", cause);
            }
        }
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new HeadException(line + (root.getMessage() == null ? root.toString() : root.getMessage()), cause);
    }
}
