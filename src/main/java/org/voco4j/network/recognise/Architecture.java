package org.voco4j.network.recognise;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Renaming;
import org.voco4j.engine.nn.Role;

/**
 * A network whose weights are in a file, told from names and shapes alone.
 *
 * @param name as {@code Swin-UNETR encoder}; {@link #UNKNOWN} for tensors of no network that is known here
 * @param version where there are several, as {@code v2}
 * @param ours whether this package has it
 * @param hyperParameters numbers, words and lists of them, as far as shapes tell them, in a fixed order
 * @param prefix what its names begin with in the file, with the last dot; empty if nothing
 * @param role {@code student} or {@code teacher} where the prefix says so
 * @param tensors how many the file has of it
 */
public record Architecture(
        String name,
        @Nullable String version,
        boolean ours,
        Map<String, Object> hyperParameters,
        String prefix,
        @Nullable String role,
        int tensors) {

    /** The name of what is not recognised. */
    public static final String UNKNOWN = "unknown";

    private static final List<Function<TensorShapes, @Nullable RecognisedNetwork>> SIGNS = List.of(
            TransformerSignatures::swin,
            TransformerSignatures::unetr,
            TransformerSignatures::projector,
            ConvolutionSignatures::basicUNet,
            ConvolutionSignatures::monaiUNet,
            ConvolutionSignatures::resNet,
            ConvolutionSignatures::denseNet,
            ConvolutionSignatures::genesis,
            ConvolutionSignatures::nnUNet);

    /** Copies the map. */
    public Architecture {
        hyperParameters = Collections.unmodifiableMap(new LinkedHashMap<>(hyperParameters));
    }

    /**
     * The networks of a file: behind every prefix those that are known, then what is left, as one that is not. Words of
     * wrappers amid names count for nothing.
     *
     * @param shapes of all tensors by name
     */
    public static List<Architecture> recognise(Map<String, long[]> shapes) {
        List<Architecture> found = new ArrayList<>();
        Map<String, long[]> rest = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> {
            String plain = Renaming.unwrapped(name);
            rest.put(shapes.containsKey(plain) || rest.containsKey(plain) ? name : plain, shape);
        });
        Renaming.leads(rest.keySet()).forEach(prefix -> recognise(prefix, rest, found));
        if (!rest.isEmpty()) {
            found.add(new Architecture(
                    UNKNOWN, null, false, Map.of("parts", firstParts(rest.keySet())), "", null, rest.size()));
        }
        return found;
    }

    private static void recognise(String prefix, Map<String, long[]> rest, List<Architecture> found) {
        for (Function<TensorShapes, @Nullable RecognisedNetwork> sign : SIGNS) {
            RecognisedNetwork seen = sign.apply(new TensorShapes(rest, prefix));
            if (seen != null) {
                int before = rest.size();
                rest.keySet()
                        .removeIf(name -> name.startsWith(prefix)
                                && seen.claims
                                        .matcher(name.substring(prefix.length()))
                                        .matches());
                Role role = Role.of(prefix);
                found.add(new Architecture(
                        seen.name,
                        seen.version,
                        seen.ours,
                        seen.facts,
                        prefix + seen.within,
                        role == null ? null : role.word(),
                        before - rest.size()));
            }
        }
    }

    private static List<String> firstParts(Set<String> names) {
        return names.stream()
                .map(name -> name.substring(Renaming.lead(name).length()))
                .map(name -> name.split("\\.", 2)[0])
                .distinct()
                .limit(8)
                .toList();
    }

    /** For people: {@code Swin-UNETR encoder v2 (dims 3, input channels 1, …), student, 145 tensors under module.student.} */
    public String sentence() {
        List<String> facts = new ArrayList<>();
        hyperParameters.forEach(
                (fact, value) -> facts.add(fact.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT) + " " + value));
        return name
                + (version == null ? "" : " " + version)
                + (facts.isEmpty() ? "" : " (" + String.join(", ", facts) + ")")
                + (role == null ? "" : ", " + role)
                + (ours || name.equals(UNKNOWN) ? "" : ", not one of ours")
                + ", " + tensors + (tensors == 1 ? " tensor" : " tensors")
                + (prefix.isEmpty() ? "" : " under " + prefix);
    }
}
