// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.register;

import edge.driver.test.FieldDeviceContract;
import edge.driver.test.Specimen;
import java.lang.annotation.Annotation;
import java.util.Map;
import java.util.Optional;

/** A chip on an I2C bus keeps the contract of every device. Its registers on a real bus are read in edge.lab. */
class ChipContractTest extends FieldDeviceContract {

    private static final String TEXT = """
        {"registers": [
          {"name": "temperature", "register": 0, "type": "int16", "scale": 0.0625, "unit": "°C", "period": 50},
          {"name": "limit", "register": 2, "type": "uint8", "access": "read-write"},
          {"name": "alarm", "register": 3, "type": "bool", "bit": 2, "access": "read-write"}
        ]}""";

    private static Specimen specimen(String provider) {
        I2cConfig config = new I2cConfig() {
            @Override
            public Class<? extends Annotation> annotationType() {
                return I2cConfig.class;
            }

            @Override
            public int bus() {
                return 250;
            }

            @Override
            public int address() {
                return 0x48;
            }

            @Override
            public int registerBits() {
                return Byte.SIZE;
            }

            @Override
            public String provider() {
                return provider;
            }

            @Override
            public String description() {
                return "";
            }
        };
        I2cDevice device = new I2cDevice(config, Map.of("service.pid", "edge.drivers.gpio.i2c~chip", ".edge.text", TEXT));
        device.start();
        return new Specimen(device, device::stop);
    }

    @Override
    protected Specimen reachable() {
        return specimen("mock");
    }

    /** There is no bus 250. */
    @Override
    protected Optional<Specimen> unreachable() {
        return Optional.of(specimen("kernel"));
    }
}
