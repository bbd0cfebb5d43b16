// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One plain connection to Redis: commands are buffered until a response is asked for, so that many go in one packet.
 *
 * <p>Thread safety: one caller at a time.
 */
final class Resp implements AutoCloseable {

    private static final int BUFFER_BYTES = 128 * 1024;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Resp(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
        out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
    }

    /** Returns a command as it goes over the wire. */
    static byte[] command(byte[]... words) {
        ByteArrayOutputStream command = new ByteArrayOutputStream(256);
        command.writeBytes(("*" + words.length + "\r\n").getBytes(ISO_8859_1));
        for (byte[] word : words) {
            command.writeBytes(("$" + word.length + "\r\n").getBytes(ISO_8859_1));
            command.writeBytes(word);
            command.writeBytes(LINE_END);
        }
        return command.toByteArray();
    }

    static byte[] command(String... words) {
        byte[][] bytes = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            bytes[i] = words[i].getBytes(UTF_8);
        }
        return command(bytes);
    }

    void send(byte[] command) throws IOException {
        out.write(command);
    }

    /** One command and its response. */
    @Nullable
    Object ask(String... words) throws IOException {
        send(command(words));
        return reply();
    }

    /**
     * Returns the next response: a byte array, a Long, a list of such, or null.
     *
     * @throws IOException also if it is an error
     */
    @Nullable
    Object reply() throws IOException {
        out.flush();
        int type = in.read();
        String line = line();
        return switch (type) {
            case '+' -> line.getBytes(UTF_8);
            case ':' -> Long.valueOf(line);
            case '$' -> text(Integer.parseInt(line));
            case '*' -> list(Integer.parseInt(line));
            case '-' -> throw new IOException("Redis: " + line);
            default -> throw new EOFException("Redis has closed the connection");
        };
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(16);
        for (int next = in.read(); next != '\r'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("Redis has closed the connection");
            }
            line.append((char) next);
        }
        in.skipNBytes(1);
        return line.toString();
    }

    private byte @Nullable [] text(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] text = in.readNBytes(length);
        in.skipNBytes(LINE_END.length);
        return text;
    }

    private @Nullable List<@Nullable Object> list(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> list = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            list.add(reply());
        }
        return list;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
