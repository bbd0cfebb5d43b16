// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tacho.aggregator.api.HistoryQuery;
import io.tacho.aggregator.api.HistoryResponse;
import io.tacho.aggregator.api.NodeSeriesResponse;
import io.tacho.aggregator.api.Turns;
import io.tacho.concurrent.Failures;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** What was: {@code /history}, {@code /nodes/<uid>/series} and {@code /turns}. */
final class HistoryEndpoints {

    private final HistoryResponse history;
    private final NodeSeriesResponse series;
    private final Turns turns;

    HistoryEndpoints(HistoryResponse history, NodeSeriesResponse series, Turns turns) {
        this.history = history;
        this.series = series;
        this.turns = turns;
    }

    Answer history(Request request) {
        HistoryQuery query;
        try {
            query = history.query(request.query().values());
        } catch (IllegalArgumentException e) {
            throw new RefusedException(Status.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        return new LaterAnswer(history.body(query)
                .thenApply(body -> stamped(json(request, body)))
                .exceptionally(HistoryEndpoints::refused));
    }

    /** The body is the same wherever it comes from; that it may be old stands beside it. */
    private WholeAnswer stamped(WholeAnswer answer) {
        long stale = history.staleMillis();
        return stale == 0 ? answer : answer.with("X-Tacho-Stale-Ms", Long.toString(stale));
    }

    private static WholeAnswer refused(Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        if (cause instanceof RejectedExecutionException) {
            return WholeAnswer.error(Status.SERVICE_UNAVAILABLE, String.valueOf(cause.getMessage()));
        }
        throw failure instanceof CompletionException known ? known : new CompletionException(failure);
    }

    Answer series(Request request) {
        byte[] body = series.one(NodesEndpoint.uid(request));
        if (body == null) {
            throw NodesEndpoint.noSuchNode();
        }
        return json(request, body);
    }

    Answer turns(Request request) {
        return json(request, turns.body());
    }

    private static WholeAnswer json(Request request, byte[] bytes) {
        ByteBuf body = Unpooled.wrappedBuffer(bytes);
        ETag tag = ETag.of(body);
        boolean compressed = body.readableBytes() >= Gzip.MIN_BYTES && Gzip.isAcceptedBy(request.headers());
        WholeAnswer answer;
        if (tag.isIn(String.join(",", request.headers().all("If-None-Match")))) {
            answer = WholeAnswer.empty(Status.NOT_MODIFIED);
        } else if (compressed) {
            answer = WholeAnswer.json(Status.OK, Gzip.fast(body)).with("Content-Encoding", "gzip");
        } else {
            answer = WholeAnswer.json(Status.OK, body);
        }
        return answer.with("ETag", compressed ? tag.gzip() : tag.plain())
                .with("Cache-Control", "no-cache")
                .with("Vary", "Accept-Encoding");
    }
}
