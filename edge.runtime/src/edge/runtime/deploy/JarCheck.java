// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.runtime.base.DataDirectory;
import edge.runtime.base.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.osgi.framework.Version;

/**
 * Looks whether a file is a bundle that can be let in. Believes nothing that the file says about its own sizes: every entry
 * is unpacked, into nothing, and counted.
 */
final class JarCheck {
    private static final int END_RECORD = 22;
    private static final int MAX_COMMENT = 0xffff;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int CLASS_MAGIC = 0xcafebabe;
    /** Class files of Java N have the major version N + 44 (JVMS 4.1). */
    private static final int MAJOR_OFFSET = 44;
    private static final int MAX_MANIFEST = 1 << 20;
    private static final Pattern NATIVE = Pattern.compile("\\.(so(\\.[0-9.]+)?|dll|dylib|jnilib)$");
    private static final Pattern SYMBOLIC_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

    private final Limits limits;

    /**
     * @param fileBytes of the jar
     * @param unpackedBytes of all entries together
     */
    record Limits(long fileBytes, long unpackedBytes, int entries, long directoryBytes) {
        static final Limits DEFAULT = new Limits(64L << 20, 256L << 20, 10_000, 4L << 20);
    }

    /** The file cannot be let in; the message is a sentence that says why. */
    static final class RejectedException extends Exception {
        private static final long serialVersionUID = 1L;

        RejectedException(String message) {
            super(message);
        }
    }

    JarCheck(Limits limits) {
        this.limits = limits;
    }

    Limits limits() {
        return limits;
    }

    /** Whether a file has the end that every complete zip file has: one that is still being copied has not. */
    static boolean isComplete(Path file) throws IOException {
        return endRecord(file) != null;
    }

    JarFacts check(Path file) throws RejectedException {
        try {
            if (Files.size(file) > limits.fileBytes()) {
                throw new RejectedException("The file is larger than " + (limits.fileBytes() >> 20) + " MiB.");
            }
            checkDirectory(file);
            try (ZipFile zip = new ZipFile(file.toFile())) {
                boolean nativeCode = checkEntries(zip);
                return facts(manifest(zip), Sha256.of(file), nativeCode);
            }
        } catch (ZipException e) {
            throw new RejectedException("The file is not a jar, or is damaged: " + e.getMessage() + ".");
        } catch (IOException e) {
            throw new RejectedException("The file cannot be read: " + DataDirectory.reason(e) + ".");
        } catch (IllegalArgumentException e) {
            throw new RejectedException("The file is not a jar, or its entries' names are not UTF-8: " + e.getMessage() + ".");
        }
    }

    /** Before the library reads the directory of the zip into memory: its size is what an attacker would choose. */
    private void checkDirectory(Path file) throws IOException, RejectedException {
        ByteBuffer end = endRecord(file);
        if (end == null) {
            throw new RejectedException("The file is not a complete jar: the end is missing. Copy it again.");
        }
        int entries = Short.toUnsignedInt(end.getShort(10));
        long directory = Integer.toUnsignedLong(end.getInt(12));
        if (entries > limits.entries() || directory > limits.directoryBytes()) {
            throw new RejectedException("The jar has more than " + limits.entries() + " entries, or names that are too long.");
        }
    }

    /** The end of central directory record (APPNOTE 4.3.16), or null. */
    private static ByteBuffer endRecord(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int length = (int) Math.min(channel.size(), END_RECORD + MAX_COMMENT);
            ByteBuffer tail = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            long start = channel.size() - length;
            while (tail.hasRemaining() && channel.read(tail, start + tail.position()) >= 0) {
                continue;
            }
            for (int at = length - END_RECORD; at >= 0; at--) {
                if (tail.getInt(at) == END_SIGNATURE
                    && at + END_RECORD + Short.toUnsignedInt(tail.getShort(at + 20)) == length) {
                    return tail.slice(at, END_RECORD).order(ByteOrder.LITTLE_ENDIAN);
                }
            }
            return null;
        }
    }

    /** @return whether one of them is a native library */
    private boolean checkEntries(ZipFile zip) throws IOException, RejectedException {
        boolean nativeCode = false;
        long rest = limits.unpackedBytes();
        Set<String> names = new HashSet<>();
        for (ZipEntry entry : Collections.list(zip.entries())) {
            checkName(entry.getName());
            if (!names.add(entry.getName())) {
                throw new RejectedException("The jar has two entries named " + shown(entry.getName()) + ".");
            }
            if (!entry.isDirectory()) {
                rest = unpack(zip, entry, rest);
                nativeCode |= NATIVE.matcher(entry.getName()).find();
            }
        }
        return nativeCode;
    }

    private static void checkName(String name) throws RejectedException {
        boolean climbs = false;
        for (String part : name.split("[/\\\\]", -1)) {
            climbs |= part.equals("..");
        }
        if (climbs || name.startsWith("/") || name.contains("\\") || name.matches("^[A-Za-z]:.*")
            || name.chars().anyMatch(Character::isISOControl) || name.isEmpty()) {
            throw new RejectedException("The jar has an entry whose name leads out of it or cannot be a file's: "
                + shown(name) + ".");
        }
    }

    private static String shown(String name) {
        String clean = name.replaceAll("\\p{Cntrl}", "?");
        return "'" + (clean.length() > 80 ? clean.substring(0, 80) + "…" : clean) + "'";
    }

    private long unpack(ZipFile zip, ZipEntry entry, long limit) throws IOException, RejectedException {
        long rest = limit;
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[16_384];
        try (InputStream in = zip.getInputStream(entry)) {
            int length = in.readNBytes(buffer, 0, buffer.length);
            checkClass(entry.getName(), buffer, length);
            while (length > 0) {
                rest -= length;
                if (rest < 0) {
                    throw new RejectedException("The jar unpacks to more than " + (limits.unpackedBytes() >> 20) + " MiB.");
                }
                crc.update(buffer, 0, length);
                length = in.readNBytes(buffer, 0, buffer.length);
            }
        }
        if (entry.getCrc() != crc.getValue()) {
            throw new RejectedException("The jar is damaged: the checksum of " + shown(entry.getName()) + " is wrong.");
        }
        return rest;
    }

    private static void checkClass(String name, byte[] start, int length) throws RejectedException {
        if (!name.endsWith(".class") || name.startsWith("META-INF/") || name.endsWith("module-info.class") || length < 8) {
            return;
        }
        ByteBuffer head = ByteBuffer.wrap(start);
        int needed = Short.toUnsignedInt(head.getShort(6)) - MAJOR_OFFSET;
        if (head.getInt(0) == CLASS_MAGIC && needed > Runtime.version().feature()) {
            throw new RejectedException("It needs Java " + needed + ": " + shown(name) + " is compiled for it. This gateway"
                + " runs on Java " + Runtime.version().feature() + ".");
        }
    }

    private static Map<String, String> manifest(ZipFile zip) throws IOException, RejectedException {
        ZipEntry entry = zip.getEntry("META-INF/MANIFEST.MF");
        if (entry == null) {
            throw new RejectedException("The jar is not a bundle: it has no META-INF/MANIFEST.MF.");
        }
        if (entry.getSize() > MAX_MANIFEST) {
            throw new RejectedException("The jar's manifest is larger than 1 MiB.");
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        try (InputStream in = zip.getInputStream(entry)) {
            new Manifest(in).getMainAttributes().forEach((name, value) -> headers.put(name.toString(), value.toString()));
        }
        return headers;
    }

    private static JarFacts facts(Map<String, String> headers, String sha256, boolean nativeCode)
        throws RejectedException {
        String name = Headers.clauses(headers.get("Bundle-SymbolicName")).stream()
            .flatMap(clause -> clause.paths().stream()).findFirst().orElse("");
        if (!"2".equals(headers.getOrDefault("Bundle-ManifestVersion", "").trim()) || name.isEmpty()) {
            throw new RejectedException("The jar is not an OSGi bundle: its manifest has no Bundle-ManifestVersion: 2 and"
                + " Bundle-SymbolicName. Build it with bnd or a plug-in that writes them.");
        }
        if (!SYMBOLIC_NAME.matcher(name).matches()) {
            throw new RejectedException("The bundle's symbolic name may have letters, digits, '_', '.' and '-' only.");
        }
        try {
            // A header that cannot be read is found now, not when it is too late.
            return new JarFacts(name, Version.parseVersion(headers.get("Bundle-Version")), headers, sha256,
                nativeCode || headers.containsKey("Bundle-NativeCode"), new ManifestResource(headers::get));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new RejectedException("The bundle's manifest cannot be read: " + e.getMessage() + ".");
        }
    }

    /** Whether a jar that was checked before has native libraries in it. */
    static boolean hasNativeCode(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream().anyMatch(entry -> NATIVE.matcher(entry.getName()).find());
        }
    }

    /** What a jar that was checked before offers and needs. */
    static ManifestResource resource(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return new ManifestResource(manifest(zip)::get);
        } catch (RejectedException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
