// SPDX-License-Identifier: Apache-2.0
package @NAME@;

import edge.driver.test.FieldDeviceContract;
import edge.driver.test.Specimen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** What the gateway expects of every driver. */
class ContractTest extends FieldDeviceContract {

    private static Specimen specimen(Simulator simulator) {
        Device device = new Device(DeviceTest.config(simulator.port()), Map.of("service.pid", Device.PID + "~oven"));
        return new Specimen(device, () -> {
            device.stop();
            close(simulator);
        });
    }

    private static void close(Simulator simulator) {
        try {
            simulator.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected Specimen reachable() throws IOException {
        return specimen(new Simulator(0));
    }

    @Override
    protected Optional<Specimen> unreachable() throws IOException {
        Simulator gone = new Simulator(0);
        gone.close();
        return Optional.of(specimen(gone));
    }
}
