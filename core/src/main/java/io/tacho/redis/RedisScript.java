// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.codec.Base16;
import io.tacho.concurrent.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A Lua script of the contract, run by its digest and sent in full only to a server that does not know it. */
enum RedisScript {
    BEAT(ScriptOutputType.MULTI, "beat.lua"),
    LEAVE(ScriptOutputType.INTEGER, "leave.lua"),
    LOAD(ScriptOutputType.MULTI, "load.lua"),
    UPLOAD(ScriptOutputType.MULTI, "call.lua", "upload.lua"),
    COMPACT(ScriptOutputType.INTEGER, "compact.lua"),
    CHANGED(ScriptOutputType.MULTI, "changed.lua"),
    ALERTS(ScriptOutputType.MULTI, "call.lua", "alerts.lua"),
    MEMBERSHIP(ScriptOutputType.MULTI, "call.lua", "membership.lua"),
    INDEX(ScriptOutputType.MULTI, "index.lua"),
    SOURCES(ScriptOutputType.MULTI, "state.lua", "sources.lua"),
    PERIOD(ScriptOutputType.INTEGER, "call.lua", "state.lua", "period.lua");

    private static final Pattern LINE = Pattern.compile("user_script: ?([1-9]\\d{0,4})");
    /** A command by its name; one that is an argument is that which publishes. */
    private static final Pattern COMMAND = Pattern.compile("\\bp?call\\((?:'(\\w+)'|ARGV)");

    private final ScriptOutputType output;
    private final String source;
    private final String digest;

    /** Creates a script of the concatenated files. */
    RedisScript(ScriptOutputType output, String... files) {
        this.output = output;
        source = Arrays.stream(files).map(RedisScript::read).collect(Collectors.joining());
        digest = Base16.digest(source.getBytes(UTF_8));
    }

    private static String read(String file) {
        try (InputStream in = RedisScript.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing from the class path");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the script's name in the log} */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Runs the script; returns a {@code Long}, or a list of {@code Long} and {@code byte[]}. */
    <T> CompletionStage<T> run(
            RedisScriptingAsyncCommands<String, byte[]> commands, String[] keys, byte[]... arguments) {
        CompletionStage<T> byDigest = commands.evalsha(digest, output, keys, arguments);
        return byDigest.exceptionallyCompose(failure -> {
                    Throwable cause = Failures.unwrap(failure);
                    return cause instanceof RedisNoScriptException
                            ? commands.eval(source, output, keys, arguments)
                            : CompletableFuture.failedFuture(cause);
                })
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(withCommand(Failures.unwrap(failure))));
    }

    /** Adds the command of the failed line to an error, because Redis names only the line. */
    private Throwable withCommand(Throwable failure) {
        String message = failure.getMessage();
        if (!(failure instanceof RedisCommandExecutionException) || message == null) {
            return failure;
        }
        Matcher at = LINE.matcher(message);
        if (!at.find()) {
            return failure;
        }
        int line = Integer.parseInt(at.group(1));
        Matcher command =
                COMMAND.matcher(source.lines().skip(line - 1L).findFirst().orElse(""));
        if (!command.find()) {
            return failure;
        }
        String name = command.group(1) == null ? "publish" : command.group(1).toLowerCase(Locale.ROOT);
        return new RedisCommandExecutionException(message + " (" + name + ")");
    }
}
