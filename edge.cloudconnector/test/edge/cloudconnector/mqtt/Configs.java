// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Configurations as the annotation's defaults and a few values make them. */
final class Configs {

    private Configs() {
    }

    static MqttConfig of(Map<String, Object> values) {
        return (MqttConfig) Proxy.newProxyInstance(MqttConfig.class.getClassLoader(), new Class<?>[] {MqttConfig.class},
            (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
