package org.voco4j.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voco4j.file.AtomicFile;
import org.voco4j.file.WriteFailure;
import org.voco4j.report.Curves;
import org.voco4j.report.Drawing;
import org.voco4j.report.EventFile;
import org.voco4j.report.Panel;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run measured, step by step: {@code metrics.jsonl}, which is the truth, and its views for TensorBoard and for
 * the eye, which are made from it.
 *
 * <p>Every step is one line: the numbers of the step, and those of a named group (a gate, a validation) at the steps
 * that had one. When a run is taken up again the file is cut back to the checkpoint's step, so that each step stands
 * there once; a last line that was not written to its end is cut with it. Only what is drawn is held in memory.
 */
public final class RunMetrics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunMetrics.class);
    private static final String FILE = "metrics.jsonl";
    private static final Set<String> NOT_MEASURED = Set.of("step", "time");

    /** Takes the lines of a metrics file. */
    private interface Lines {
        void take(ObjectNode line) throws IOException;
    }

    private final RunFolder folder;
    private final CurvePlan plan;
    private final FileChannel lines;
    private final EventFile events;
    private final MetricHistory history;
    private boolean drawable = true;

    private RunMetrics(RunFolder folder, CurvePlan plan, FileChannel lines, EventFile events, MetricHistory history) {
        this.folder = folder;
        this.plan = plan;
        this.lines = lines;
        this.events = events;
        this.history = history;
    }

    /**
     * Opens the metrics of a run that stands after {@code step} steps.
     *
     * @throws IOException if the file cannot be read or lacks one of those steps; it is untouched then
     */
    public static RunMetrics open(RunFolder folder, CurvePlan plan, int step) throws IOException {
        Path file = folder.file(FILE);
        cutBack(file, step);
        MetricHistory history = new MetricHistory(plan.columns());
        EventFile events = EventFile.create(folder.path(), System.currentTimeMillis() / 1e3);
        read(file, line -> {
            history.add(line);
            append(events, line);
        });
        FileChannel lines = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        return new RunMetrics(folder, plan, lines, events, history);
    }

    private static void cutBack(Path file, int step) throws IOException {
        AtomicFile.write(file, out -> {
            int[] kept = {0};
            read(file, line -> {
                if (line.path("step").asInt() <= step) {
                    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                    kept[0]++;
                }
            });
            if (kept[0] != step) {
                throw new IOException(file + " holds " + kept[0] + " of the " + step
                        + " steps of the checkpoint; the run cannot be continued without losing its record");
            }
        });
    }

    /** Goes through the whole lines of a metrics file, oldest first; there are none if there is no file. */
    private static void read(Path file, Lines lines) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            int number = 1;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                ObjectNode numbers;
                try {
                    numbers = (ObjectNode) JsonMapper.shared().readTree(line);
                } catch (JacksonException | ClassCastException damaged) {
                    if (reader.readLine() == null) {
                        return; // not written to its end
                    }
                    throw new IOException(file + ": line " + number + " is damaged", damaged);
                }
                lines.take(numbers);
                number++;
            }
        }
    }

    /**
     * The panels of a run's metrics so far, from its file.
     *
     * @throws IOException if it cannot be read, or a line before the last is damaged
     */
    public static List<Panel> panels(RunFolder folder, CurvePlan plan) throws IOException {
        MetricHistory history = new MetricHistory(plan.columns());
        read(folder.file(FILE), history::add);
        return plan.panels(history);
    }

    /** Adds the line of a step; {@code numbers}, those of the group, may be empty. */
    public void append(Map<String, Double> step, String group, Map<String, Double> numbers) throws IOException {
        ObjectNode line = JsonMapper.shared().createObjectNode();
        step.forEach((name, value) -> RunJson.put(line, name, value));
        if (!numbers.isEmpty()) {
            ObjectNode node = line.putObject(group);
            numbers.forEach((name, value) -> RunJson.put(node, name, value));
        }
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                lines.write(bytes);
            }
        } catch (IOException refused) {
            throw WriteFailure.of(folder.file(FILE), bytes.remaining(), refused);
        }
        append(events, line);
        history.add(line);
    }

    private static void append(EventFile events, ObjectNode line) throws IOException {
        for (Map.Entry<String, JsonNode> entry : line.properties()) {
            if (entry.getValue().isObject()) {
                for (Map.Entry<String, JsonNode> number : entry.getValue().properties()) {
                    append(events, line, entry.getKey() + "/" + number.getKey(), number.getValue());
                }
            } else if (!NOT_MEASURED.contains(entry.getKey())) {
                append(events, line, "train/" + entry.getKey(), entry.getValue());
            }
        }
    }

    private static void append(EventFile events, ObjectNode line, String tag, JsonNode value) throws IOException {
        if (value.isNumber()) {
            events.append(line.path("step").asLong(), line.path("time").asDouble(0), tag, value.doubleValue());
        }
    }

    /**
     * The values of a column so far.
     *
     * @throws IllegalArgumentException if the plan does not draw it, so that it is not kept
     */
    public double[] values(String column) {
        return history.values(column);
    }

    /** Makes everything written so far survive a power cut, and draws {@code progress.png}. */
    public void sync() throws IOException {
        lines.force(true);
        events.flush();
        draw();
    }

    /** A picture that cannot be drawn (a Java without fonts, a file held open) must not end a run. */
    private void draw() {
        if (!drawable) {
            return;
        }
        try {
            String why = Drawing.attempt(() -> Curves.write(folder.file("progress.png"), plan.panels(history)));
            if (why != null) {
                drawable = false; // said once: fonts do not come while it runs
                LOG.warn("progress.png could not be drawn: {}", why);
            }
        } catch (IOException failure) {
            LOG.warn("progress.png could not be drawn: {}", failure.toString());
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
        events.close();
    }
}
