// SPDX-License-Identifier: Apache-2.0
/**
 * The subcommand {@code mcp}: read-only tools of the Model Context Protocol over standard input and output.
 *
 * <p>Data flow: a call of a tool → {@code ToolArguments} checks its arguments → {@code ClusterTools} requests the HTTP API of an
 * aggregator → a bounded result. Only this package uses the SDK of the protocol; logs go to standard error.
 */
@NullMarked
package io.tacho.cli.mcp;

import org.jspecify.annotations.NullMarked;
