// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.HexFormat;

/** A connection on which bytes are sent and expected exactly; {@link Bytes} is how they are written. */
final class Wire implements AutoCloseable {

    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;

    Wire(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Connected with a clean session. */
    static Wire clean(int port, String clientId) throws IOException {
        return new Wire(port).send("10 [s'MQTT' 04 02 003C s'" + clientId + "']").expect("20 02 00 00");
    }

    /** Connected with a session that is kept and was not there. */
    static Wire kept(int port, String clientId) throws IOException {
        return new Wire(port).send("10 [s'MQTT' 04 00 003C s'" + clientId + "']").expect("20 02 00 00");
    }

    /** Connected again to a session that was kept. */
    static Wire back(int port, String clientId) throws IOException {
        return new Wire(port).send("10 [s'MQTT' 04 00 003C s'" + clientId + "']").expect("20 02 01 00");
    }

    Wire send(String bytes) throws IOException {
        socket.getOutputStream().write(Bytes.of(bytes));
        return this;
    }

    /** Exactly these bytes come next. */
    Wire expect(String bytes) throws IOException {
        byte[] expected = Bytes.of(bytes);
        byte[] got = socket.getInputStream().readNBytes(expected.length);
        assertThat(HEX.formatHex(got)).as(bytes).isEqualTo(HEX.formatHex(expected));
        return this;
    }

    /** Whatever packet of less than 128 bytes comes next. */
    Wire skip() throws IOException {
        socket.getInputStream().read();
        socket.getInputStream().readNBytes(socket.getInputStream().read());
        return this;
    }

    /** A subscription of its own with packet id 1, granted as asked. */
    Wire subscribed(String filter, int qos) throws IOException {
        return send("82 [0001 s'" + filter + "' 0" + qos + "]").expect("90 [0001 0" + qos + "]");
    }

    /** Everything that was sent before is dealt with, and nothing has come for it that was not expected. */
    Wire quiet() throws IOException {
        return send("C0 00").expect("D0 00");
    }

    /** The other side closes, in order, and sends nothing before. */
    void expectEnd() throws IOException {
        assertThat(socket.getInputStream().read()).as("the end of the connection").isEqualTo(-1);
    }

    /** Breaks off without a DISCONNECT. */
    void cut() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Says goodbye and waits until the other side has closed. */
    void goodbye() throws IOException {
        send("E0 00").expectEnd();
        close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
