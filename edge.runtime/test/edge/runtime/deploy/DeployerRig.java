// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.runtime.desired.DesiredConfigurations;
import edge.runtime.generation.GenerationStore;
import edge.runtime.scan.TagStore;
import edge.runtime.supervise.Supervision;
import edge.runtime.testkit.MemoryAudit;
import edge.runtime.testkit.MemoryEvents;
import edge.runtime.testkit.MemoryLog;
import edge.runtime.testkit.TestFramework;
import edge.runtime.trust.Trust;
import edge.runtime.trust.TrustRig;
import java.time.Duration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.resolver.Resolver;

/** A deployer with everything real that it works with, without the gateway around it. */
final class DeployerRig implements AutoCloseable {
    /** What a change of an uplink, the broker or the console is given if it does not say. */
    static final Duration CONFIRMATION = Duration.ofMillis(400);
    /** What a step may take: much on a busy machine, and little for a test that waits until it is over. */
    static final Duration STEP = Duration.ofSeconds(6);
    private static final Duration INCOMPLETE = Duration.ofMinutes(1);

    private final MemoryLog log = new MemoryLog();
    private final GenerationStore generations;
    private final DesiredConfigurations configurations;
    private final LocalDeployer deployer;

    DeployerRig(TestFramework framework, MemoryAudit audit, MemoryEvents events, JarCheck.Limits limits) {
        this(framework, audit, events, limits, INCOMPLETE, TrustRig.off());
    }

    /** @param incomplete how long a dropped file without its end is given to grow */
    DeployerRig(TestFramework framework, MemoryAudit audit, MemoryEvents events, JarCheck.Limits limits, Duration incomplete,
                Trust trust) {
        Supervision supervision = framework.supervision();
        generations = new GenerationStore(framework.context(), supervision);
        configurations = new DesiredConfigurations(framework.context(), framework.service(ConfigurationAdmin.class),
            framework.service(MetaTypeService.class), audit, events, generations);
        deployer = new LocalDeployer(framework.context(), framework.service(ServiceComponentRuntime.class), configurations,
            generations, supervision, framework.service(Resolver.class), trust, new TagStore(), log, audit, events,
            () -> Duration.ofDays(1), new Settings.Values(Duration.ZERO, CONFIRMATION, Probation.Limits.DEFAULT),
            new LocalDeployer.Times(STEP, Duration.ofMillis(200), incomplete, limits));
    }

    LocalDeployer deployer() {
        return deployer;
    }

    DesiredConfigurations configurations() {
        return configurations;
    }

    GenerationStore generations() {
        return generations;
    }

    MemoryLog log() {
        return log;
    }

    @Override
    public void close() {
        deployer.close();
        configurations.close();
    }
}
