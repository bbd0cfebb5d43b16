// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.codec.Base16;
import io.tacho.concurrent.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A Lua script of the contract, run by its digest and sent whole only to a server that does not know it. */
enum RedisScript {
    BEAT("beat.lua", ScriptOutputType.INTEGER),
    LEAVE("leave.lua", ScriptOutputType.INTEGER),
    LOAD("load.lua", ScriptOutputType.MULTI),
    UPLOAD("upload.lua", ScriptOutputType.INTEGER),
    CHANGED("changed.lua", ScriptOutputType.MULTI),
    UNION("union.lua", ScriptOutputType.MULTI),
    ALERTS("alerts.lua", ScriptOutputType.MULTI),
    MEMBERSHIP("membership.lua", ScriptOutputType.MULTI);

    private final ScriptOutputType output;
    private final String source;
    private final String digest;

    RedisScript(String resource, ScriptOutputType output) {
        this.output = output;
        try (InputStream in = RedisScript.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the class path");
            }
            byte[] bytes = in.readAllBytes();
            source = new String(bytes, UTF_8);
            digest = Base16.digest(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the script and returns its reply: a {@code Long}, or a {@code List<byte[]>} from scripts that read. */
    <T> CompletionStage<T> run(
            RedisScriptingAsyncCommands<String, byte[]> commands, String[] keys, byte[]... arguments) {
        CompletionStage<T> byDigest = commands.evalsha(digest, output, keys, arguments);
        return byDigest.exceptionallyCompose(failure -> {
            Throwable cause = Failures.unwrap(failure);
            return cause instanceof RedisNoScriptException
                    ? commands.eval(source, output, keys, arguments)
                    : CompletableFuture.failedFuture(cause);
        });
    }
}
