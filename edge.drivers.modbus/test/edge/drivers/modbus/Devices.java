// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.api.config.Configurations;
import edge.api.device.Reading;
import edge.api.device.Scan;
import edge.api.device.Tag;
import edge.drivers.modbus.client.ModbusClient;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Makes devices from configuration texts, as the framework does. */
final class Devices {

    private Devices() {
    }

    static ModbusDevice open(ModbusClient client, String name, String text) throws JsonException {
        return new ModbusDevice(client, Gateways.of(Path.of("/")), config(text),
            Map.of("service.pid", ModbusConfig.PID + "~" + name, Configurations.TEXT_PROPERTY, text));
    }

    /** The typed configuration that DS makes of a text: scalars with the annotation's defaults. */
    static ModbusConfig config(String text) throws JsonException {
        Json.Obj root = JsonParser.parse(text).asObject();
        return (ModbusConfig) Proxy.newProxyInstance(ModbusConfig.class.getClassLoader(), new Class<?>[] {ModbusConfig.class},
            (proxy, method, arguments) -> value(root, method));
    }

    private static Object value(Json.Obj root, Method method) throws JsonException {
        String name = method.getName().replace('_', '.');
        if (!root.has(name)) {
            return method.getDefaultValue();
        } else if (method.getReturnType() == boolean.class) {
            return root.bool(name, false);
        }
        return method.getReturnType() == int.class
            ? (Object) (int) root.integer(name, Integer.MIN_VALUE, Integer.MAX_VALUE) : root.text(name);
    }

    static Scan scan(ModbusDevice device) {
        List<Tag> readable = device.tags().stream().filter(tag -> tag.access().canRead()).toList();
        return device.prepare(readable);
    }

    static List<Reading> run(Scan scan) throws Exception {
        return scan.run().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    static Tag tag(ModbusDevice device, String name) {
        return device.tags().stream().filter(tag -> tag.name().equals(name)).findFirst().orElseThrow();
    }
}
