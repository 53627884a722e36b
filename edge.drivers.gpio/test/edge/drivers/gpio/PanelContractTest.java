// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.driver.test.FieldDeviceContract;
import edge.driver.test.Specimen;
import java.util.Optional;

/** A panel of lines keeps the contract of every device. */
class PanelContractTest extends FieldDeviceContract {

    private static final String LINES = """
        {"name": "in", "line": 1, "direction": "in"},
        {"name": "scanned", "line": 2, "direction": "in", "period": 50},
        {"name": "lamp", "line": 3, "direction": "out", "access": "read-write", "period": 50},
        {"name": "count", "line": 4, "direction": "counter", "access": "read-write", "rate": {"name": "rate"}}""";

    private static Specimen specimen(String provider, String path) {
        Fixture fixture = new Fixture(provider, path, Fixture.text(provider, LINES));
        return new Specimen(fixture.device, fixture::close);
    }

    @Override
    protected Specimen reachable() {
        return specimen("mock", "");
    }

    @Override
    protected Optional<Specimen> unreachable() {
        return Optional.of(specimen("linuxfs", "/nowhere"));
    }
}
