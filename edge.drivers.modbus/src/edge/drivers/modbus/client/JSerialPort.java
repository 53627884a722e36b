// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A port through jSerialComm, whose waiting on Linux comes in tenths of a second: shorter times are waited for here. */
final class JSerialPort implements SerialPort {
    private static final int WAIT_MILLIS = 100;
    private static final long WAIT = TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
    private static final long LOOK = TimeUnit.MICROSECONDS.toNanos(500);

    private final com.fazecast.jSerialComm.SerialPort port;
    private final String name;

    private JSerialPort(com.fazecast.jSerialComm.SerialPort port, String name) {
        this.port = port;
        this.name = name;
    }

    static SerialPort open(String name, SerialLine line) throws IOException {
        Path file = Path.of(name);
        if (!Files.exists(file)) {
            throw new IOException("there is no " + name + "; check the adapter and the port's name");
        }
        com.fazecast.jSerialComm.SerialPort port;
        try {
            port = com.fazecast.jSerialComm.SerialPort.getCommPort(name);
        } catch (SerialPortInvalidPortException e) {
            throw new IOException(name + " is not a serial port", e);
        } catch (LinkageError e) {
            throw new IOException("serial ports cannot be used on this machine: " + e.getMessage(), e);
        }
        port.setComPortParameters(line.baudRate(), line.dataBits(),
            line.stopBits() == 1 ? com.fazecast.jSerialComm.SerialPort.ONE_STOP_BIT
                : com.fazecast.jSerialComm.SerialPort.TWO_STOP_BITS, parity(line));
        SerialLine.Rs485 rs485 = line.rs485();
        if (rs485.enabled()) {
            port.setRs485ModeParameters(true, rs485.activeHigh(), rs485.termination(), false,
                micros(rs485.delayBefore().toNanos()), micros(rs485.delayAfter().toNanos()));
        } else {
            port.disableRs485ModeControl();
        }
        port.setComPortTimeouts(com.fazecast.jSerialComm.SerialPort.TIMEOUT_READ_SEMI_BLOCKING, WAIT_MILLIS, 0);
        if (!port.openPort()) {
            throw new IOException(name + " cannot be opened" + (Files.isReadable(file) && Files.isWritable(file)
                ? "; does another program use it, and does the port know " + line.describe() + "? (error "
                    + port.getLastErrorCode() + ")"
                : ": the gateway's user may not use it; add the user to the file's group, mostly dialout"));
        }
        return new JSerialPort(port, name);
    }

    private static int parity(SerialLine line) {
        return switch (line.parity()) {
            case NONE -> com.fazecast.jSerialComm.SerialPort.NO_PARITY;
            case EVEN -> com.fazecast.jSerialComm.SerialPort.EVEN_PARITY;
            case ODD -> com.fazecast.jSerialComm.SerialPort.ODD_PARITY;
        };
    }

    private static int micros(long nanos) {
        return (int) TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    @Override
    public int read(byte[] into, int offset, long nanos) throws IOException {
        long begun = System.nanoTime();
        long left = nanos;
        int available = available();
        while (available == 0 && left > 0) {
            if (left >= WAIT) {
                int read = check(port.readBytes(into, 1, offset));
                if (read > 0) {
                    return read;
                }
            } else {
                LockSupport.parkNanos(Math.min(LOOK, left));
            }
            left = nanos - (System.nanoTime() - begun);
            available = available();
        }
        int most = Math.min(available, into.length - offset);
        return most == 0 ? 0 : check(port.readBytes(into, most, offset));
    }

    private int available() throws IOException {
        return check(port.bytesAvailable());
    }

    private int check(int result) throws IOException {
        if (result < 0) {
            throw new IOException(name + " is gone; was the adapter unplugged?");
        }
        return result;
    }

    @Override
    public void write(byte[] bytes, int length) throws IOException {
        int sent = 0;
        while (sent < length) {
            int written = check(port.writeBytes(bytes, length - sent, sent));
            if (written == 0) {
                throw new IOException(name + " takes no bytes");
            }
            sent += written;
        }
    }

    @Override
    public void close() {
        port.closePort();
    }
}
