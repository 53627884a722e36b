// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Units on a serial line that answer reads of registers with the registers' addresses, unless told to do something else. Written
 * without the driver's codec.
 */
final class RtuSlaves implements AutoCloseable {

    /** What is sent for a request; nothing if empty. */
    interface Behaviour {
        List<byte[]> answers(byte[] request, byte[] right) throws Exception;
    }

    private final FileInputStream in;
    private final FileOutputStream out;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Behaviour behaviour = (request, right) -> List.of(right);

    RtuSlaves(Path port, Set<Integer> units) throws IOException {
        in = new FileInputStream(port.toFile());
        out = new FileOutputStream(port.toFile());
        Thread thread = new Thread(() -> run(units), "rtu-slaves");
        thread.setDaemon(true);
        thread.start();
    }

    void behave(Behaviour now) {
        behaviour = now;
    }

    /** In hexadecimal, without the checksums. */
    List<String> requests() {
        return new ArrayList<>(requests);
    }

    private void run(Set<Integer> units) {
        byte[] head = new byte[8];
        try {
            while (in.readNBytes(head, 0, 8) == 8) {
                byte[] request = head.clone();
                if (request[1] == 16) {
                    byte[] rest = in.readNBytes((request[6] & 0xff) + 1);
                    request = ByteBuffer.allocate(8 + rest.length).put(request).put(rest).array();
                }
                requests.add(HexFormat.of().formatHex(request, 0, request.length - 2));
                if (units.contains(request[0] & 0xff)) {
                    for (byte[] answer : behaviour.answers(request, right(request))) {
                        out.write(answer);
                    }
                }
            }
        } catch (IOException e) {
            // The line is gone: that is how this ends.
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] right(byte[] request) {
        int address = (request[2] & 0xff) << 8 | request[3] & 0xff;
        if (request[1] > 4) {
            return withCrc(ByteBuffer.allocate(6).put(request, 0, 6).array());
        }
        int count = request[5];
        ByteBuffer answer = ByteBuffer.allocate(3 + 2 * count).put(request[0]).put(request[1]).put((byte) (2 * count));
        for (int i = 0; i < count; i++) {
            answer.putShort((short) (address + i));
        }
        return withCrc(answer.array());
    }

    /** Bit by bit, as the standard has it. */
    static byte[] withCrc(byte[] frame) {
        int crc = 0xffff;
        for (byte octet : frame) {
            crc ^= octet & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xa001 : crc >> 1;
            }
        }
        return ByteBuffer.allocate(frame.length + 2).put(frame).put((byte) crc).put((byte) (crc >> 8)).array();
    }

    @Override
    public void close() throws IOException {
        in.close();
        out.close();
    }
}
