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
import org.voco4j.engine.tensor.Tensor;

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
                        List.of("body.bias"),
                        List.of(new LoadReport.Misfit("head.weight", List.of(4L, 3L), List.of(2L, 3L))),
                        List.of("head.bias"),
                        List.of("projector.0.weight", "projector.0.bias")));
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
        net(4, 1).weights().forEach((name, weight) -> file.put("module." + name, weight));
        file.remove("module.body.weight");
        assertThatThrownBy(() -> net(4, 2).loadMatching(file, name -> name.endsWith("weight")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no weight could be loaded: nearest are module.head.weight [4, 3] in the file (3 weights) "
                        + "and head.weight [4, 3] in the network (4 weights)");
        assertThatThrownBy(() -> net(4, 2).loadMatching(file, name -> false))
                .hasMessageContaining("of the network's 4 none was asked for");
        assertThatThrownBy(() -> net(4, 2).loadMatching(Map.of(), name -> true))
                .hasMessageContaining("the file holds none");
    }
}
