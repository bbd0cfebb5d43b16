// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.agent;

import io.tacho.agent.Destination;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.BeatResult;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowUpload;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prints each snapshot as the message that would be published, one a line, instead of publishing it. */
final class LinePublisher implements SnapshotPublisher {

    private static final Logger logger = LoggerFactory.getLogger(LinePublisher.class);

    private final PrintStream out;
    private final Runnable readerEnded;
    private final SnapshotCodec codec = new SnapshotCodec();

    private LinePublisher(PrintStream out, Runnable readerEnded) {
        this.out = out;
        this.readerEnded = readerEnded;
    }

    /**
     * Returns a destination of JSON lines, for people to look at.
     *
     * @param readerEnded called when nothing can be written any more, because the reader of a pipe has ended
     */
    static Destination destination(PrintStream out, Runnable readerEnded) {
        return new Destination("standard output", new LinePublisher(out, readerEnded), () -> {});
    }

    @Override
    public CompletionStage<BeatResult> publish(SnapshotEnvelope envelope) {
        byte[] json = codec.encode(envelope);
        synchronized (out) {
            out.write(json, 0, json.length);
            out.write('\n');
            if (out.checkError()) {
                readerEnded.run();
            }
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
