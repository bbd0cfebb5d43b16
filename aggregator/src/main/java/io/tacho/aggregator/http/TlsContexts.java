// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of new connections: looks at the files once a second at the most, and takes up what has changed.
 *
 * <p>Thread safety: safe.
 */
final class TlsContexts {

    private static final Logger logger = LoggerFactory.getLogger(TlsContexts.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HttpTls tls;
    private final LongSupplier nanoTime;
    private SslContext context;
    private FileTime changed;
    private long lookedNanos;

    TlsContexts(HttpTls tls, LongSupplier nanoTime) {
        this.tls = tls;
        this.nanoTime = nanoTime;
        try {
            changed = tls.changed();
            context = tls.context();
        } catch (IOException e) {
            throw new IllegalArgumentException("tls-cert, tls-key: " + e.getMessage(), e);
        }
        lookedNanos = nanoTime.getAsLong();
    }

    synchronized SslContext current() {
        long now = nanoTime.getAsLong();
        if (now - lookedNanos < LOOK_NANOS) {
            return context;
        }
        lookedNanos = now;
        try {
            FileTime latest = tls.changed();
            if (!latest.equals(changed)) {
                // both files are not replaced at the same moment: what does not fit is tried again
                context = tls.context();
                changed = latest;
                logger.info("certificate {} read again", tls.certificate());
            }
        } catch (IOException | IllegalArgumentException e) {
            logger.warn("certificate {} cannot be read, keeping the last one: {}", tls.certificate(), e.getMessage());
        }
        return context;
    }
}
