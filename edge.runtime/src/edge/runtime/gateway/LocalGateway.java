// SPDX-License-Identifier: Apache-2.0
package edge.runtime.gateway;

import edge.api.device.Tag;
import edge.api.gateway.Gateway;
import edge.runtime.base.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This gateway. A change of its labels takes effect without a restart of anything. */
@Component(name = LocalGateway.PID, immediate = true)
@Designate(ocd = LocalGateway.Config.class)
public final class LocalGateway implements Gateway {
    /** The PID of the labels. */
    public static final String PID = "edge.gateway";

    private static final Logger LOG = LoggerFactory.getLogger(LocalGateway.class);

    /** The names that people use for this gateway. */
    @ObjectClassDefinition(name = "Gateway", description = "The names that people use for this gateway. They may change at "
        + "any time: records are keyed by the gateway's id, which never changes.")
    public @interface Config {
        @AttributeDefinition(name = "Organisation", description = "1 to 64 of A-Z a-z 0-9 _ . -")
        String org() default "org";

        @AttributeDefinition(name = "Site", description = "1 to 64 of A-Z a-z 0-9 _ . -")
        String site() default "site";

        @AttributeDefinition(name = "Gateway",
            description = "1 to 64 of A-Z a-z 0-9 _ . -; empty for gw- and the first eight digits of the gateway's id",
            required = false)
        String gateway() default "";
    }

    private final UUID id;
    private final Path data;
    private final String version;
    private final Instant startedAt;
    private volatile Labels labels;

    @Activate
    public LocalGateway(BundleContext context, Config config) throws IOException {
        this(DataDirectory.root(context), context.getBundle().getVersion().toString(), config);
        LOG.info("Gateway {} ({}/{}/{}), version {}, data in {}", id, labels.org(), labels.site(), labels.gateway(), version,
            data);
    }

    LocalGateway(Path data, String version, Config config) throws IOException {
        this.data = data;
        this.version = version;
        this.id = identity(data);
        this.startedAt = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
        this.labels = labels(config);
    }

    @Modified
    void modified(Config config) {
        labels = labels(config);
        LOG.info("The gateway is now called {}/{}/{}", labels.org(), labels.site(), labels.gateway());
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Labels labels() {
        return labels;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public Path data() {
        return data;
    }

    private static UUID identity(Path data) throws IOException {
        try {
            return Identity.of(data);
        } catch (IOException e) {
            LOG.error("This gateway has no id and cannot work: {}. Is the data directory writable?", DataDirectory.reason(e));
            throw e;
        }
    }

    // Files with bad labels are refused before they get here; should one arrive by another way, the gateway still has names.
    private Labels labels(Config config) {
        String own = "gw-" + id.toString().substring(0, 8);
        return new Labels(label("org", config.org(), "org"), label("site", config.site(), "site"),
            label("gateway", config.gateway().isEmpty() ? own : config.gateway(), own));
    }

    private static String label(String attribute, String text, String otherwise) {
        if (Tag.isName(text)) {
            return text;
        }
        LOG.error("{}: '{}' is not a label (1 to 64 of A-Z a-z 0-9 _ . -); '{}' is used", PID + "." + attribute, text,
            otherwise);
        return otherwise;
    }
}
