// SPDX-License-Identifier: Apache-2.0
package edge.api.config;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Checks what Metatype and JSON Schema cannot say about a configuration, before it is put in force. Registered as a service
 * with the property {@code service.factoryPid} or {@code service.pid} naming the configurations it checks. Called on any thread;
 * it looks at the text only, changes nothing and does not wait.
 */
@ConsumerType
public interface ConfigurationCheck {

    /**
     * @param name the part of the file's name behind {@code ~}, or empty for a singleton
     * @param text the whole file, well-formed JSON that has passed Metatype and schema; secrets in it are encrypted
     * @return what is wrong; empty if nothing
     */
    List<Problem> check(String name, String text);
}
