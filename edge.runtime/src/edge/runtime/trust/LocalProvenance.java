// SPDX-License-Identifier: Apache-2.0
package edge.runtime.trust;

import edge.api.trust.Provenance;
import edge.api.trust.TrustPolicy;
import edge.api.trust.TrustedCertificate;
import edge.api.trust.Verdict;
import edge.runtime.base.DataDirectory;
import edge.runtime.generation.BundleSet;
import edge.runtime.generation.GenerationStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What the console shows about the origin and the content of bundles. */
@Component
public final class LocalProvenance implements Provenance {
    private static final String BILL = "META-INF/sbom/bom.cdx.json";
    /** More than this is no list of parts. */
    private static final int MOST_BYTES = 4 << 20;

    private final BundleContext context;
    private final Trust trust;
    private final GenerationStore generations;

    @Activate
    public LocalProvenance(BundleContext context, @Reference Trust trust, @Reference GenerationStore generations) {
        this.context = context;
        this.trust = trust;
        this.generations = generations;
    }

    @Override
    public TrustPolicy policy() {
        return trust.policy();
    }

    @Override
    public List<TrustedCertificate> certificates() {
        return trust.certificates();
    }

    @Override
    public List<String> problems() {
        return trust.problems();
    }

    @Override
    public Verdict verify(Path jar) throws IOException {
        return trust.verify(jar);
    }

    @Override
    public Optional<Verdict> ofDeployed(String symbolicName) throws IOException {
        Optional<BundleSet.Deployed> deployed = generations.current().bundles().find(symbolicName);
        return deployed.isEmpty() ? Optional.empty() : Optional.of(trust.verify(generations.jar(deployed.get().sha256())));
    }

    @Override
    public Optional<byte[]> bill(String symbolicName) throws IOException {
        for (Bundle bundle : context.getBundles()) {
            URL entry = symbolicName.equals(bundle.getSymbolicName()) ? bundle.getEntry(BILL) : null;
            if (entry != null) {
                try (InputStream in = entry.openStream()) {
                    return Optional.of(read(in));
                }
            }
        }
        return Optional.empty();
    }

    private static byte[] read(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new IOException("the bill of materials is larger than " + (MOST_BYTES >> 20) + " MiB");
        }
        return bytes;
    }

    @Override
    public byte[] bill() throws IOException {
        Path image = DataDirectory.image(context, "sbom.cdx.json");
        if (!Files.exists(image)) {
            throw new IOException("this gateway runs without a product image, which would bring the list of its parts");
        }
        GatewayBill bill = new GatewayBill(Files.readString(image));
        for (BundleSet.Deployed deployed : generations.current().bundles().deployed().values()) {
            bill.add(deployed.symbolicName(), deployed.version(), deployed.sha256(), billIn(generations.jar(deployed.sha256())));
        }
        return bill.document();
    }

    private static String billIn(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.getEntry(BILL);
            if (entry == null) {
                return "";
            }
            try (InputStream in = zip.getInputStream(entry)) {
                return new String(read(in), StandardCharsets.UTF_8);
            }
        }
    }
}
