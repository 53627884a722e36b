// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalInputProvider;
import com.pi4j.io.gpio.digital.DigitalOutputProvider;
import com.pi4j.provider.Provider;
import java.util.List;

/** A context with one pair of providers, which one head owns. */
class OwnedLink implements Pi4jLink {

    private final Context context;
    private final DigitalInputProvider inputs;
    private final DigitalOutputProvider outputs;
    private final Runnable end;

    /** @param end what is to be ended with the context */
    OwnedLink(DigitalInputProvider inputs, DigitalOutputProvider outputs, Runnable end) {
        this.context = context(inputs, outputs);
        this.inputs = inputs;
        this.outputs = outputs;
        this.end = end;
    }

    static Context context(Provider<?, ?, ?>... providers) {
        return Pi4J.newContextBuilder().noAutoDetect().disableShutdownHook().add(providers).build();
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public DigitalInputProvider inputs(LineConfig line) {
        return inputs;
    }

    @Override
    public DigitalOutputProvider outputs(LineConfig line) {
        return outputs;
    }

    @Override
    public int address(LineConfig line) {
        return line.address().number();
    }

    @Override
    public void release(List<PiHead.Claimed> lines) {
        try {
            context.shutdown();
        } finally {
            end.run();
        }
    }
}
