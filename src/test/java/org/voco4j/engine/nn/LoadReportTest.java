package org.voco4j.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoadReportTest {

    /** {@code body.weight}, {@code body.bias}, {@code head.weight}, {@code head.bias}. */
    private static final class Net extends Module {
        Net(int classes) {
            part("body", new Linear(2, 3));
            part("head", new Linear(3, classes));
        }
    }

    private static Net net(int classes, long seed) {
        Net net = new Net(classes);
        net.initialise(seed);
        return net;
    }

    private static float[] values(Module net, String name) {
        return Objects.requireNonNull(net.weights().get(name)).toFloats();
    }

    @Test
    void aWholeFileLoadsWhole() {
        Net source = net(4, 1);
        Net target = net(4, 2);
        LoadReport report = target.loadMatching(source.weights(), name -> true);
        assertThat(report.sentence()).isEqualTo("loaded 4 of 4");
        assertThat(report.loaded()).containsExactlyElementsOf(source.weights().keySet());
        source.weights()
                .keySet()
                .forEach(name -> assertThat(values(target, name)).isEqualTo(values(source, name)));
    }

    @Test
    void whatIsMissingOrOfAnotherShapeKeepsItsValuesAndIsNamed() {
        Net source = net(4, 1);
        Map<String, Tensor> file = new LinkedHashMap<>(source.weights());
        file.remove("body.bias");
        file.put("projector.0.weight", Tensor.zeros(DType.F32, 1));
        file.put("projector.0.bias", Tensor.zeros(DType.F32, 1));
        Net target = net(2, 2);
        Net before = net(2, 2);
        LoadReport report = target.loadMatching(file, name -> !name.equals("head.bias"));
        assertThat(report)
                .isEqualTo(new LoadReport(
                        List.of("body.weight"),
                        Map.of(),
                        List.of("body.bias"),
                        List.of(new LoadReport.Misfit("head.weight", List.of(4L, 3L), List.of(2L, 3L), "")),
                        List.of("head.bias"),
                        List.of(),
                        List.of(),
                        List.of("projector.0.weight", "projector.0.bias"),
                        new Renaming("", "", List.of(), List.of())));
        assertThat(report.sentence())
                .isEqualTo(
                        "loaded 1 of 4: 3 left out (body.…: not in file; head.weight: [4, 3] in the file, [2, 3] here; "
                                + "head.…: not asked for); 2 of the file unused (projector.…)");
        assertThat(values(target, "body.weight")).isEqualTo(values(source, "body.weight"));
        for (String name : List.of("body.bias", "head.weight", "head.bias")) {
            assertThat(values(target, name)).isEqualTo(values(before, name));
        }
    }

    @Test
    void halfPrecisionIsTakenOverAsWell() {
        Net target = net(4, 2);
        Map<String, Tensor> file =
                Map.of("body.bias", Tensor.of(new float[] {1, 2, 3}, 3).to(DType.F16));
        target.loadMatching(file, name -> true);
        assertThat(values(target, "body.bias")).containsExactly(1, 2, 3);
    }

    @Test
    void aFileOfWhichNothingFitsIsRefusedWithTheNearestNames() {
        Map<String, Tensor> file = new HashMap<>();
        net(4, 1).weights().forEach((name, weight) -> file.put("other." + name, weight));
        file.remove("other.body.weight");
        assertThatThrownBy(() -> net(4, 2).loadMatching(file, name -> name.endsWith("weight")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no weight could be loaded, under any prefix: nearest are other.head.weight [4, 3] in the "
                        + "file (3 weights) and head.weight [4, 3] in the network (4 weights)");
        assertThatThrownBy(() -> net(4, 2).loadMatching(file, name -> false))
                .hasMessageContaining("of the network's 4 none was asked for");
        assertThatThrownBy(() -> net(4, 2).loadMatching(Map.of(), name -> true))
                .hasMessageContaining("the file holds none");
    }

    /** A weight, a buffer, and a constant that says how it is built. */
    private static final class Built extends Module {
        Built(long form) {
            part("body", new Linear(2, 3));
            buffer("mean", Tensor.zeros(DType.F32, 3));
            constant("index", Tensor.of(new long[] {form, form + 1}, 2));
        }
    }

    @Test
    void buffersAreLoadedAndConstantsOnlyCompared() {
        Built source = new Built(5);
        source.initialise(1);
        InPlace.add(Objects.requireNonNull(source.state().get("mean")), 7);

        Built same = new Built(5);
        LoadReport whole = same.loadMatching(source.stateDict(), name -> true);
        assertThat(whole.sentence()).isEqualTo("loaded 4 of 4");
        assertThat(Objects.requireNonNull(same.state().get("mean")).toFloats()).containsExactly(7, 7, 7);

        LoadReport older = same.loadMatching(source.state(), name -> true);
        assertThat(older.sentence()).isEqualTo("loaded 3 of 3");
        assertThat(older.own()).containsExactly("index");

        Built other = new Built(6);
        LoadReport differing = other.loadMatching(source.stateDict(), name -> true);
        assertThat(differing.sentence())
                .isEqualTo("loaded 3 of 4: 1 left out (index: other values in the file than follow from this network's "
                        + "form)");
        assertThat(Objects.requireNonNull(other.stateDict().get("index")).toDoubles())
                .containsExactly(6, 7);

        Map<String, Tensor> wider = new LinkedHashMap<>(source.stateDict());
        wider.put("index", Tensor.of(new long[] {1, 2, 3}, 3));
        LoadReport otherShape = other.loadMatching(wider, name -> true);
        assertThat(otherShape.sentence()).isEqualTo("loaded 3 of 3");
        assertThat(otherShape.unused()).isEmpty();
    }

    /** Two layers, and in each a part that the original has and never calls. */
    private static final class Uncalled extends Module {
        Uncalled() {
            for (int i = 0; i < 2; i++) {
                part("blocks." + i, new Linear(2, 3));
                uncalled("blocks." + i + ".cross.weight", Tensor.zeros(DType.F32, 3));
            }
        }
    }

    @Test
    void whatIsNeverCalledIsPassedOverAndNamed() {
        Map<String, Tensor> file = new LinkedHashMap<>();
        new Uncalled().stateDict().forEach((name, value) -> file.put(name, value.plus(7)));
        Uncalled target = new Uncalled();
        LoadReport report = target.loadMatching(file, name -> true);
        assertThat(report.sentence()).isEqualTo("loaded 4 of 4; 2 passed over (cross.…: never called)");
        assertThat(report.passedOver()).containsExactly("blocks.0.cross.weight", "blocks.1.cross.weight");
        assertThat(Objects.requireNonNull(target.stateDict().get("blocks.0.cross.weight"))
                        .toFloats())
                .containsExactly(0, 0, 0);
        file.put("blocks.0.cross.weight", Tensor.zeros(DType.F32, 9)); // whatever its shape
        file.remove("blocks.1.cross.weight"); // or missing
        LoadReport other = target.loadMatching(file, name -> true);
        assertThat(other.sentence()).isEqualTo("loaded 4 of 4; 1 passed over (cross.…: never called)");
        assertThat(other.own()).containsExactly("blocks.1.cross.weight");
    }

    @Test
    void constantsAloneAreNothing() {
        Map<String, Tensor> file = Map.of("index", Tensor.of(new long[] {5, 6}, 2));
        assertThatThrownBy(() -> new Built(5).loadMatching(file, name -> true))
                .hasMessageStartingWith("no weight could be loaded");
    }

    @Test
    void onlySomeMisfitsAreInTheSentenceAndAllInTheReport() {
        Map<String, Tensor> file = new LinkedHashMap<>();
        Module six = new Module() {
            {
                for (int i = 0; i < 6; i++) {
                    part("p" + i, new Linear(2, 3, false));
                }
            }
        };
        six.weights().forEach((name, weight) -> file.put(name, Tensor.zeros(DType.F32, 9)));
        file.put("p0.weight", Tensor.zeros(DType.F32, 3, 2));
        LoadReport report = six.loadMatching(file, name -> true);
        assertThat(report.misfits()).hasSize(5);
        assertThat(report.sentence())
                .startsWith("loaded 1 of 6: 5 left out (p1.weight: [9] in the file, [3, 2] here; ")
                .endsWith("; 1 more that do not fit)");
    }

    @Test
    void asJsonItHasEveryTensorByName() {
        Map<String, Tensor> file = new LinkedHashMap<>();
        net(4, 1).weights().forEach((name, weight) -> file.put("module." + name, weight));
        file.put("epoch.weight", Tensor.zeros(DType.F32, 1));
        JsonNode json =
                JsonMapper.shared().valueToTree(net(2, 2).loadMatching(file, name -> !name.equals("body.bias")));
        assertThat(json.toString())
                .isEqualTo("{\"loaded\":[\"body.weight\"],\"adapted\":{},\"notInFile\":[],\"misfits\":["
                        + "{\"name\":\"head.weight\",\"inFile\":[4,3],\"inNetwork\":[2,3],\"reason\":\"\"},"
                        + "{\"name\":\"head.bias\",\"inFile\":[4],\"inNetwork\":[2],\"reason\":\"\"}],"
                        + "\"notWanted\":[\"body.bias\"],\"own\":[],\"passedOver\":[],\"unused\":[\"epoch.weight\"],"
                        + "\"names\":{\"removed\":\"module.\",\"added\":\"\",\"unwrapped\":[],\"replaced\":[]}}");
    }
}
