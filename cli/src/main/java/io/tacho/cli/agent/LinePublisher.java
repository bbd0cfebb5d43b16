// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.agent.Destination;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.BeatResult;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowUpload;
import java.io.PrintWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prints each snapshot as the message that would be published, one a line, instead of publishing it. */
final class LinePublisher implements SnapshotPublisher {

    private static final Logger logger = LoggerFactory.getLogger(LinePublisher.class);

    private final PrintWriter out;
    private final Runnable end;
    private final SnapshotCodec codec = new SnapshotCodec();

    private LinePublisher(PrintWriter out, Runnable end) {
        this.out = out;
        this.end = end;
    }

    /**
     * Returns a destination of JSON lines, for people to look at.
     *
     * @param end called when nothing can be written any more: the reader of a pipe has ended, or a disk is full
     */
    static Destination destination(PrintWriter out, Runnable end) {
        return new Destination("standard output", new LinePublisher(out, end), () -> {});
    }

    @Override
    public CompletionStage<BeatResult> publish(SnapshotEnvelope envelope) {
        out.println(new String(codec.encode(envelope), UTF_8));
        if (out.checkError()) {
            end.run();
        }
        return CompletableFuture.completedFuture(BeatResult.accepted(0, envelope.seq()));
    }

    @Override
    public CompletionStage<Void> leave(LeaveEnvelope envelope) {
        logger.info("node {} leaves", envelope.uid());
        return CompletableFuture.completedFuture(null);
    }

    /** Standard output stores no windows. */
    @Override
    public CompletionStage<UploadResult> upload(WindowUpload batch) {
        return CompletableFuture.completedFuture(UploadResult.of(batch.lastNumber()));
    }

    @Override
    public void close() {
        out.flush();
    }
}
