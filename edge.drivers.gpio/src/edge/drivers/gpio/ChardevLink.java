// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalInputProvider;
import com.pi4j.io.gpio.digital.DigitalOutputProvider;
import com.pi4j.provider.Provider;
import edge.drivers.gpio.chardev.ChardevInputProvider;
import edge.drivers.gpio.chardev.ChardevOutputProvider;
import edge.drivers.gpio.chardev.LineFinder;
import edge.drivers.gpio.chardev.LineFinder.Found;
import edge.drivers.gpio.kernel.EdgeReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The provider of our own on the kernel's character devices: one pair of providers a chip, one reader of edges for all. */
final class ChardevLink implements Pi4jLink {

    private final Map<LineConfig, Found> lines;
    private final Map<Path, ChardevInputProvider> inputs = new HashMap<>();
    private final Map<Path, ChardevOutputProvider> outputs = new HashMap<>();
    private final EdgeReader reader;
    private final Context context;

    private ChardevLink(Map<LineConfig, Found> lines, EdgeReader reader) {
        this.lines = lines;
        this.reader = reader;
        for (Found line : lines.values()) {
            inputs.computeIfAbsent(line.chip(), chip -> new ChardevInputProvider(chip, reader));
            outputs.computeIfAbsent(line.chip(), ChardevOutputProvider::new);
        }
        List<Provider<?, ?, ?>> providers = new ArrayList<>(inputs.values());
        providers.addAll(outputs.values());
        context = OwnedLink.context(providers.toArray(Provider<?, ?, ?>[]::new));
    }

    static ChardevLink open(String device, List<LineConfig> configs) throws HeadException {
        Map<LineConfig, Found> found = new HashMap<>();
        for (LineConfig line : configs) {
            try {
                found.put(line, find(line.address()));
            } catch (IOException e) {
                throw new HeadException(line.label() + " cannot be found: " + e.getMessage(), e);
            }
        }
        checkUnique(found);
        EdgeReader reader;
        try {
            reader = EdgeReader.open("edge-gpio-" + device + "-edges");
        } catch (IOException e) {
            throw new HeadException("edges cannot be read: " + e.getMessage(), e);
        }
        try {
            return new ChardevLink(found, reader);
        } catch (RuntimeException | LinkageError e) {
            reader.close();
            throw e;
        }
    }

    private static Found find(LineAddress address) throws IOException {
        return address.isNamed() ? LineFinder.byName(address.name())
            : LineFinder.byNumber(address.chip(), address.number());
    }

    /** A name and a number may mean the same line, which only the board can tell. */
    private static void checkUnique(Map<LineConfig, Found> found) throws HeadException {
        Map<Found, LineConfig> seen = new HashMap<>();
        for (Map.Entry<LineConfig, Found> line : found.entrySet()) {
            LineConfig other = seen.put(line.getValue(), line.getKey());
            if (other != null) {
                throw new HeadException(line.getKey().label() + " and " + other.label() + " are one line: configure it once");
            }
        }
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public DigitalInputProvider inputs(LineConfig line) {
        return inputs.get(lines.get(line).chip());
    }

    @Override
    public DigitalOutputProvider outputs(LineConfig line) {
        return outputs.get(lines.get(line).chip());
    }

    @Override
    public int address(LineConfig line) {
        return lines.get(line).offset();
    }

    @Override
    public boolean isExact() {
        return true;
    }

    @Override
    public void release(List<PiHead.Claimed> claimed) {
        // The reader first: a descriptor that it waits for must not be closed under it.
        reader.close();
        context.shutdown();
    }
}
