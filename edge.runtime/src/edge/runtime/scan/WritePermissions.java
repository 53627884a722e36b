// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.api.access.Role;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may write which tags: operators, and of those the named ones only what is listed for them. A change takes effect with the
 * next write.
 */
@Component(name = WritePermissions.PID, service = WritePermissions.class)
@Designate(ocd = WritePermissions.Config.class)
public final class WritePermissions {
    /** The PID, which is also the component's name. */
    public static final String PID = "edge.access.writes";

    private static final Logger LOG = LoggerFactory.getLogger(WritePermissions.class);

    /** Who may write which tags. */
    @ObjectClassDefinition(name = "Write permissions", description = "Who may write which tags. Whoever writes must be an operator;"
        + " here people and machine accounts are narrowed to some tags, or to none.")
    public @interface Config {
        @AttributeDefinition(name = "Permissions", required = false, description = "Each an account and the tags that it may write:"
            + " 'scada boiler-1/pump', 'scada boiler-1/set.*', 'scada */*', or 'scada -' for none. An account may be in several.")
        String[] permissions() default {};

        @AttributeDefinition(name = "Others may write", description = "Whether operators that are not named above may write every"
            + " writable tag. Off: they may write none.")
        boolean others() default true;
    }

    /** What is in force. */
    private record Rules(List<WritePermission> permissions, boolean others) {
    }

    private volatile Rules rules;

    /** @throws IllegalArgumentException if a permission is none; such a file is refused before it gets here */
    @Activate
    public WritePermissions(Config config) {
        rules = rules(config);
    }

    @Modified
    void modified(Config config) {
        rules = rules(config);
        LOG.info("Write permissions: {} for named accounts; others may write {}", rules.permissions().size(),
            rules.others() ? "everything that is writable" : "nothing");
    }

    private static Rules rules(Config config) {
        return new Rules(WritePermission.parse(config.permissions()), config.others());
    }

    /** @throws AccessDeniedException if the caller may not write that tag */
    void require(Caller caller, String device, String tag) {
        String action = "write to " + device + "/" + tag;
        if (!caller.may(Role.OPERATOR)) {
            throw new AccessDeniedException(caller, action, Role.OPERATOR);
        }
        if (caller.kind() == Caller.Kind.SYSTEM) {
            return;
        }
        Rules now = rules;
        List<WritePermission> own = now.permissions().stream().filter(one -> one.account().equals(caller.name())).toList();
        if (own.isEmpty() ? !now.others() : own.stream().noneMatch(one -> one.allows(device, tag))) {
            throw new AccessDeniedException(caller, action, "the configuration " + PID + " does not list it for this account");
        }
    }
}
