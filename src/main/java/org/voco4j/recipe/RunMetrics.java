package org.voco4j.recipe;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voco4j.file.AtomicFile;
import org.voco4j.report.Curves;
import org.voco4j.report.EventFile;
import org.voco4j.report.Panel;
import org.voco4j.report.Series;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run measured, step by step: {@code metrics.jsonl}, which is the truth, and its views for TensorBoard and for
 * the eye, which are made from it.
 *
 * <p>Every step is one line. When a run is taken up again the file is cut back to the checkpoint's step, so that each
 * step stands there once; a last line that was not written to its end is cut with it.
 */
public final class RunMetrics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunMetrics.class);
    private static final String FILE = "metrics.jsonl";

    private final RunFolder folder;
    private final FileChannel lines;
    private final EventFile events;
    private final List<ObjectNode> history;

    private RunMetrics(RunFolder folder, FileChannel lines, EventFile events, List<ObjectNode> history) {
        this.folder = folder;
        this.lines = lines;
        this.events = events;
        this.history = history;
    }

    /** Opens the metrics of a run that stands after {@code step} steps. */
    static RunMetrics open(RunFolder folder, int step) throws IOException {
        Path file = folder.file(FILE);
        List<ObjectNode> history = new ArrayList<>(read(file));
        history.removeIf(line -> line.path("step").asInt() > step);
        if (history.size() != step) {
            throw new IOException(file + " holds " + history.size() + " of the " + step
                    + " steps of the checkpoint; the run cannot be continued without losing its record");
        }
        StringBuilder text = new StringBuilder();
        history.forEach(line -> text.append(line).append('\n'));
        AtomicFile.write(file, text.toString());
        EventFile events = EventFile.create(folder.path(), System.currentTimeMillis() / 1e3);
        for (ObjectNode line : history) {
            append(events, line);
        }
        FileChannel lines = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        return new RunMetrics(folder, lines, events, history);
    }

    /**
     * The whole lines of a metrics file, oldest first; empty if there is none.
     *
     * @throws IOException if it cannot be read, or a line before the last is damaged
     */
    public static List<ObjectNode> read(Path file) throws IOException {
        List<ObjectNode> lines = new ArrayList<>();
        if (!Files.exists(file)) {
            return lines;
        }
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                try {
                    lines.add((ObjectNode) JsonMapper.shared().readTree(line));
                } catch (JacksonException | ClassCastException damaged) {
                    if (reader.readLine() != null) {
                        throw new IOException(file + ": line " + (lines.size() + 1) + " is damaged", damaged);
                    }
                }
            }
        }
        return lines;
    }

    /** Adds the line of a step; {@code gate} may be empty. */
    void append(Map<String, Double> step, Map<String, Double> gate) throws IOException {
        ObjectNode line = JsonMapper.shared().createObjectNode();
        step.forEach((name, value) -> RunJson.put(line, name, value));
        if (!gate.isEmpty()) {
            ObjectNode node = line.putObject("gate");
            gate.forEach((name, value) -> RunJson.put(node, name, value));
        }
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            lines.write(bytes);
        }
        append(events, line);
        history.add(line);
    }

    private static void append(EventFile events, ObjectNode line) throws IOException {
        long step = line.path("step").asLong();
        double time = line.path("time").asDouble(0);
        for (Map.Entry<String, JsonNode> entry : line.properties()) {
            if (entry.getValue().isNumber()
                    && !entry.getKey().equals("step")
                    && !entry.getKey().equals("time")) {
                events.append(
                        step, time, "train/" + entry.getKey(), entry.getValue().doubleValue());
            }
        }
        for (Map.Entry<String, JsonNode> entry : line.path("gate").properties()) {
            if (entry.getValue().isNumber()) {
                events.append(
                        step, time, "gate/" + entry.getKey(), entry.getValue().doubleValue());
            }
        }
    }

    /** The loss of every step so far. */
    double[] losses() {
        return history.stream()
                .mapToDouble(line -> line.path("loss").asDouble(Double.NaN))
                .toArray();
    }

    /** Makes everything written so far survive a power cut, and draws {@code progress.png}. */
    void sync() throws IOException {
        lines.force(true);
        events.flush();
        draw();
    }

    /** A picture that cannot be drawn (a Java without fonts, a file held open) must not end a run. */
    private void draw() {
        try {
            Curves.write(folder.file("progress.png"), panels(history));
        } catch (IOException | LinkageError | InternalError failure) {
            LOG.warn("progress.png could not be drawn: {}", failure.toString());
        }
    }

    /** The curves of a run, for a picture. */
    public static List<Panel> panels(List<ObjectNode> history) {
        List<Panel> panels = new ArrayList<>();
        double[] steps = column(history, "step");
        panels.add(new Panel(
                "Loss",
                "step",
                List.of(
                        Series.solid("total", steps, column(history, "loss")),
                        Series.solid("prediction", steps, column(history, "prediction")),
                        Series.solid("regularization", steps, column(history, "regularization")))));
        List<ObjectNode> gates =
                history.stream().filter(line -> line.has("gate")).toList();
        if (!gates.isEmpty()) {
            JsonNode last = gates.get(gates.size() - 1).path("gate");
            double[] at = column(gates, "step");
            panels.add(new Panel(
                    "A crop finds its place in another scan",
                    "step",
                    List.of(
                            Series.solid("trained", at, gateColumn(gates, "crossScan")),
                            Series.level("raw pixels", last.path("pixels").asDouble(Double.NaN)),
                            Series.level("untrained", last.path("untrained").asDouble(Double.NaN)),
                            Series.level("histogram", last.path("histogram").asDouble(Double.NaN)),
                            Series.level("chance", last.path("chance").asDouble(Double.NaN)))));
            panels.add(new Panel(
                    "Frozen probe: position R²",
                    "step",
                    List.of(
                            Series.solid("trained", at, gateColumn(gates, "positionR2")),
                            Series.level(
                                    "untrained",
                                    last.path("positionR2.untrained").asDouble(Double.NaN)))));
            panels.add(new Panel(
                    "Collapse: bases alike",
                    "step",
                    List.of(
                            Series.solid("mean |cos|", at, gateColumn(gates, "baseCosine")),
                            Series.solid("deviation", at, gateColumn(gates, "deviation")))));
        }
        panels.add(new Panel(
                "Dead positives", "step", List.of(Series.solid("share", steps, column(history, "deadPositives")))));
        panels.add(new Panel("Learning rate", "step", List.of(Series.solid("rate", steps, column(history, "lr")))));
        panels.add(new Panel(
                "Gradient norm", "step", List.of(Series.solid("norm", steps, column(history, "gradientNorm")))));
        return panels;
    }

    private static double[] column(List<ObjectNode> lines, String name) {
        return lines.stream()
                .mapToDouble(line -> line.path(name).asDouble(Double.NaN))
                .toArray();
    }

    private static double[] gateColumn(List<ObjectNode> lines, String name) {
        return lines.stream()
                .mapToDouble(line -> line.path("gate").path(name).asDouble(Double.NaN))
                .toArray();
    }

    @Override
    public void close() throws IOException {
        lines.close();
        events.close();
    }
}
