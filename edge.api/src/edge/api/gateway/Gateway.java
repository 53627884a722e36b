// SPDX-License-Identifier: Apache-2.0
package edge.api.gateway;

import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/** This gateway. */
@ProviderType
public interface Gateway {

    /** The random id made at first boot. It never changes and is the first part of every record's key. */
    UUID id();

    /** The names people use; may change at any time. */
    Labels labels();

    /** The version of the product image. */
    String version();

    /** When this run of the process began. */
    Instant startedAt();

    /** The data directory: everything that this gateway keeps is below it. */
    Path data();

    /** {@code org / site / gateway}; each matches {@code [A-Za-z0-9_.-]{1,64}}. */
    record Labels(String org, String site, String gateway) {
    }
}
