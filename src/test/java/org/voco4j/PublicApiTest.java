package org.voco4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.voco4j.downstream.classify.Classifier;
import org.voco4j.downstream.classify.ClassifierCard;
import org.voco4j.downstream.model.Blend;
import org.voco4j.downstream.model.ModelCard;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.downstream.model.ModelLabels;
import org.voco4j.downstream.segment.Progress;
import org.voco4j.downstream.segment.Segmenter;
import org.voco4j.downstream.segment.SegmenterOptions;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.evaluate.Evaluate;
import org.voco4j.program.finetune.Finetune;
import org.voco4j.program.finetune.LabelledFiles;
import org.voco4j.program.phantom.WritePhantoms;
import org.voco4j.program.predict.Predict;
import org.voco4j.program.predict.PredictClasses;
import org.voco4j.program.preprocess.Preprocess;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.UnlabelledFiles;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.program.weights.CompareWeights;
import org.voco4j.program.weights.ConvertWeights;
import org.voco4j.program.weights.InspectWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.Look;
import org.voco4j.run.Resources;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunLog;
import org.voco4j.run.RunState;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat;
import org.voco4j.volume.format.VolumeHeader;

/**
 * The promised API, member by member: what programs around the library may count on. Other types are public because our own
 * packages use them.
 *
 * <p>The list ends with types that its signatures name without promising their members: they are handed on.
 */
class PublicApiTest {
    private static final Path LIST = Path.of("src/test/resources/public-api.txt");
    private static final Path FOUND = Path.of("target/public-api.txt");

    private static final List<Class<?>> PROMISED = List.of(
            Affine.class,
            Box.class,
            Channels.class,
            LabelMap.class,
            Shape3.class,
            Spacing.class,
            Volume.class,
            Formats.class,
            VolumeFormat.class,
            VolumeFormatException.class,
            VolumeHeader.class,
            Device.class,
            Segmenter.class,
            SegmenterOptions.class,
            Progress.class,
            Classifier.class,
            ClassifierCard.class,
            Blend.class,
            ModelCard.class,
            ModelFile.class,
            ModelLabels.class,
            RecipeTree.class,
            UsageException.class,
            Look.class,
            Resources.class,
            RunFolder.class,
            RunLog.class,
            RunState.class,
            PretrainedWeights.class,
            UnlabelledFiles.class,
            Pretrain.class,
            LabelledFiles.class,
            Finetune.class,
            Predict.class,
            PredictClasses.class,
            Preprocess.class,
            Evaluate.class,
            ConvertWeights.class,
            InspectWeights.class,
            CompareWeights.class,
            WritePhantoms.class);

    /** Members that every record and enum has. */
    private static final Set<String> IMPLIED = Set.of("toString", "hashCode", "equals", "values", "valueOf");

    private static final Pattern NAME = Pattern.compile("\\b(?:[a-z]\\w*\\.)+([A-Z][\\w$]*)");

    private final Set<String> named = new TreeSet<>();

    @Test
    void isAsListed() throws IOException {
        Set<Class<?>> types = new LinkedHashSet<>();
        PROMISED.forEach(type -> addWithNested(type, types));
        List<String> lines = new ArrayList<>();
        types.stream()
                .sorted((a, b) -> a.getName().compareTo(b.getName()))
                .forEach(type -> lines.addAll(describe(type)));
        types.forEach(type -> named.remove(type.getName()));
        named.forEach(name -> lines.add("handed on: " + name.replace('$', '.')));
        Files.createDirectories(FOUND.getParent());
        Files.write(FOUND, lines);
        assertThat(lines)
                .as(
                        "the promised API; a change that is meant is taken over with 'cp %s %s' and told in CHANGELOG.md",
                        FOUND, LIST)
                .isEqualTo(Files.readAllLines(LIST));
    }

    private static void addWithNested(Class<?> type, Collection<Class<?>> types) {
        types.add(type);
        Stream.of(type.getDeclaredClasses())
                .filter(nested -> isPromised(nested.getModifiers()))
                .forEach(nested -> addWithNested(nested, types));
    }

    private List<String> describe(Class<?> type) {
        List<String> lines = new ArrayList<>();
        lines.add(type.getName().replace('$', '.') + ": " + kind(type) + variables(type.getTypeParameters())
                + supertypes(type));
        Stream<String> parts = type.isRecord()
                ? Stream.of("    components"
                        + Stream.of(type.getRecordComponents())
                                .map(part -> name(part.getGenericType()) + " " + part.getName())
                                .collect(Collectors.joining(", ", "(", ")")))
                : Stream.of();
        Stream<String> fields = members(type.getDeclaredFields())
                .map(field -> "    field " + modifiers(field) + name(field.getGenericType()) + " " + field.getName());
        Stream<String> constructors = members(type.getDeclaredConstructors())
                .filter(made -> !isCanonical(type, made))
                .map(made -> "    new" + parameters(made));
        Stream<String> methods = members(type.getDeclaredMethods())
                .filter(method -> !IMPLIED.contains(method.getName()) && !isComponent(type, method))
                .map(method -> "    " + modifiers(method)
                        + Stream.of(variables(method.getTypeParameters()), name(method.getGenericReturnType()))
                                .filter(part -> !part.isEmpty())
                                .collect(Collectors.joining(" "))
                        + " " + method.getName() + parameters(method));
        Stream.of(parts, fields.sorted(), constructors.sorted(), methods.sorted())
                .flatMap(each -> each)
                .forEach(lines::add);
        return lines;
    }

    private static <M extends Member & AnnotatedElement> Stream<M> members(M[] all) {
        return Arrays.stream(all).filter(each -> !each.isSynthetic() && isPromised(each.getModifiers()));
    }

    private static boolean isPromised(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static boolean isCanonical(Class<?> type, Constructor<?> made) {
        return type.isRecord()
                && Arrays.equals(
                        made.getParameterTypes(),
                        Stream.of(type.getRecordComponents())
                                .map(RecordComponent::getType)
                                .toArray());
    }

    private static boolean isComponent(Class<?> type, Method method) {
        return type.isRecord()
                && Stream.of(type.getRecordComponents())
                        .anyMatch(part -> part.getAccessor().equals(method));
    }

    private static String kind(Class<?> type) {
        if (type.isRecord()) {
            return "record";
        }
        if (type.isEnum()) {
            return "enum";
        }
        if (type.isInterface()) {
            return "interface";
        }
        return (Modifier.isAbstract(type.getModifiers()) ? "abstract " : "")
                + (Modifier.isFinal(type.getModifiers()) ? "final " : "") + "class";
    }

    private String supertypes(Class<?> type) {
        List<Type> above = new ArrayList<>();
        if (!type.isRecord() && !type.isEnum() && type.getGenericSuperclass() != null) {
            above.add(type.getGenericSuperclass());
        }
        above.addAll(List.of(type.getGenericInterfaces()));
        above.remove(Object.class);
        return above.isEmpty() ? "" : " of " + above.stream().map(this::name).collect(Collectors.joining(", "));
    }

    private static String modifiers(Member member) {
        String access = Modifier.isProtected(member.getModifiers()) ? "protected " : "";
        boolean open = Modifier.isAbstract(member.getModifiers());
        return access + (Modifier.isStatic(member.getModifiers()) ? "static " : "") + (open ? "abstract " : "");
    }

    private String variables(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Stream.of(variables)
                        .map(variable -> variable.getName() + " extends " + names(variable.getBounds()))
                        .collect(Collectors.joining(", ", "<", ">"));
    }

    private String parameters(Executable executable) {
        Type[] thrown = executable.getGenericExceptionTypes();
        return "(" + names(executable.getGenericParameterTypes()) + ")"
                + (thrown.length == 0 ? "" : " throws " + names(thrown));
    }

    private String names(Type[] types) {
        return Stream.of(types).map(this::name).collect(Collectors.joining(", "));
    }

    /** A type without its packages; ours are noted. */
    private String name(Type type) {
        Matcher names = NAME.matcher(type.getTypeName());
        return names.replaceAll(found -> {
            if (found.group().startsWith("org.voco4j.")) {
                named.add(found.group());
            }
            return Matcher.quoteReplacement(found.group(1).replace('$', '.'));
        });
    }
}
