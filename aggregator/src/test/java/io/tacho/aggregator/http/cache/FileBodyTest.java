// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.FileRegion;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.http.message.ETag;
import io.tacho.aggregator.http.message.FileBody;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.testing.Snapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class FileBodyTest {

    private static final int NODES = 600;

    @TempDir
    Path directory;

    private final ClusterView view = new ClusterView(new SnapshotCodec(), System::nanoTime, NODES);
    private StatsResponse.Pieces pieces;
    private String text;

    @BeforeEach
    void load() {
        for (int i = 0; i < NODES; i++) {
            view.loaded(Snapshots.stored("u" + i, 1));
        }
        StatsResponse stats = new StatsResponse(view);
        pieces = stats.pieces(stats.list(), null);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pieces.write(all::writeBytes);
        text = all.toString(UTF_8);
    }

    private FileBody body() {
        FileBody body = FileBody.of(pieces, directory);
        assertThat(body).isNotNull();
        return body;
    }

    private static ByteBuf head(String text) {
        return Unpooled.copiedBuffer(text, ISO_8859_1);
    }

    private static String sent(FileRegion region) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (region.transferred() < region.count()) {
            region.transferTo(Channels.newChannel(out), region.transferred());
        }
        return out.toString(UTF_8);
    }

    /** What this process has open or mapped of the directory, be it deleted. */
    private long held() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"));
                Stream<String> mapped = Files.lines(Path.of("/proc/self/maps"))) {
            return open.filter(this::isHere).count()
                    + mapped.filter(line -> line.contains(directory.toString())).count();
        }
    }

    private boolean isHere(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith(directory.toString());
        } catch (IOException e) {
            // closed meanwhile
            return false;
        }
    }

    @Test
    void of_bytesAndTagOfThePieces() throws IOException {
        FileBody body = body();

        assertThat(body.toString(UTF_8)).isEqualTo(text);
        assertThat(body.tag()).isEqualTo(ETag.of(body)).isEqualTo(ETag.of(Unpooled.copiedBuffer(text, UTF_8)));
        assertThat(directory).isEmptyDirectory();
        assertThat(held()).isEqualTo(2);

        body.release();
        assertThat(held()).isZero();
    }

    @Test
    void of_withoutThatDirectoryIsNull() {
        assertThat(FileBody.of(pieces, directory.resolve("missing"))).isNull();
    }

    @Test
    void files_withoutRoomAreTriedAgainAMinuteLater() throws IOException {
        AtomicLong clock = new AtomicLong();
        Path later = directory.resolve("later");
        BodyFiles files = new BodyFiles(later, new RetainedBodyBudget(), clock::get);
        assertThat(files.of(pieces)).isNull();

        Files.createDirectory(later);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(59));
        assertThat(files.of(pieces)).isNull();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        FileBody body = files.of(pieces);
        assertThat(body).isNotNull();
        body.release();
    }

    @Test
    void answer_headAndBody() throws IOException {
        FileBody body = body();
        FileRegion first = body.answer(head("HTTP/1.1 200 OK\r\n\r\n"), 7);
        FileRegion second = body.answer(head("HTTP/1.1 200 OK\r\n\r\n"), 7);

        // whoever still sends it keeps it
        body.release();
        assertThat(first.count()).isEqualTo(19 + text.length());
        assertThat(sent(first)).isEqualTo("HTTP/1.1 200 OK\r\n\r\n" + text);
        first.release();
        assertThat(sent(second)).isEqualTo("HTTP/1.1 200 OK\r\n\r\n" + text);
        assertThat(held()).isEqualTo(2);

        second.release();
        assertThat(held()).isZero();
    }

    @Test
    void answer_whatIsBeingSentDoesNotChange() throws IOException {
        FileBody body = body();
        FileRegion first = body.answer(head("of second 7\r\n\r\n"), 7);

        assertThat(body.answer(head("of second 8\r\n\r\n"), 8)).isNull();
        assertThat(sent(first)).startsWith("of second 7\r\n\r\n{");
        assertThat(body.toString(UTF_8)).isEqualTo(text);
        first.release();
        body.release();
    }

    @Test
    void answer_headThatDoesNotFitIsNull() {
        FileBody body = body();

        assertThat(body.answer(head("x".repeat(2_000)), 7)).isNull();
        body.release();
    }
}
