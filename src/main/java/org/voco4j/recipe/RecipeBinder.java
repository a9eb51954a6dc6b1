package org.voco4j.recipe;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.GridSize;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.PropertyBindingException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

/** Turns a checked tree into records and says in words what they refuse. */
final class RecipeBinder {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .addModule(new SimpleModule("space")
                    .addDeserializer(Shape3.class, new ShapeReader())
                    .addDeserializer(GridSize.class, new SizeReader())
                    .addDeserializer(Spacing.class, new SpacingReader()))
            .build();

    private static final Map<Class<?>, String> WORDS = Map.of(
            Shape3.class, "three whole numbers [x, y, z]",
            GridSize.class, "three whole numbers [x, y, z], or [x, y, null]",
            Spacing.class, "millimetres, one number or [x, y, z]",
            Boolean.class, "true or false",
            Integer.class, "a whole number in range",
            int.class, "a whole number in range",
            Long.class, "a whole number in range",
            long.class, "a whole number in range",
            Double.class, "a number",
            String.class, "a word");

    private RecipeBinder() {}

    static <T> T bind(ObjectNode tree, Class<T> type, UnaryOperator<String> originOf) {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JacksonException e) {
            String path = path(e);
            UsageException refused = refused(e, tree, path, originOf);
            if (refused != null) {
                throw refused;
            }
            String expected = expectation(e);
            if (expected == null) {
                throw new IllegalStateException(
                        type.getSimpleName() + " and its defaults differ: " + e.getOriginalMessage(), e);
            }
            throw new UsageException(
                    originOf.apply(path) + ": " + path + " must be " + expected + ", not "
                            + RecipeYaml.show(tree.at("/" + path.replace('.', '/'))),
                    e);
        }
    }

    /**
     * The complaint of a compact constructor, or null if none complained. One that begins with a key path stands as it is;
     * any other gets the path of its group.
     */
    private static @Nullable UsageException refused(
            JacksonException e, ObjectNode tree, String path, UnaryOperator<String> originOf) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if ((cause instanceof IllegalArgumentException || cause instanceof UsageException) && message != null) {
                String named = message.split("[ :,]", 2)[0];
                if (!named.isEmpty() && !tree.at("/" + named.replace('.', '/')).isMissingNode()) {
                    return new UsageException(originOf.apply(named) + ": " + message, e);
                }
                String group = path.isEmpty() ? "" : path + ": ";
                return new UsageException(originOf.apply(path) + ": " + group + message, e);
            }
        }
        return null;
    }

    /** The key path of an exception; positions in a list are left to the value shown. */
    private static String path(JacksonException e) {
        return e.getPath().stream()
                .map(JacksonException.Reference::getPropertyName)
                .filter(name -> name != null)
                .collect(Collectors.joining("."));
    }

    /** What a value has to be, or null if no value of the tree is at fault. */
    private static @Nullable String expectation(JacksonException e) {
        Class<?> target = null;
        if (e instanceof MismatchedInputException mismatch && !(e instanceof PropertyBindingException)) {
            target = mismatch.getTargetType();
        } else if (e instanceof InputCoercionException number) {
            target = number.getTargetType();
        }
        if (target != null && target.isEnum()) {
            return Arrays.stream(target.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        return target == null ? null : WORDS.get(target);
    }

    /** [x, y, z] in voxels. */
    private static final class ShapeReader extends ValueDeserializer<Shape3> {
        @Override
        public Shape3 deserialize(JsonParser parser, DeserializationContext context) {
            JsonNode node = context.readTree(parser);
            if (!node.isArray() || node.size() != 3 || !node.valueStream().allMatch(JsonNode::canConvertToInt)) {
                return context.reportInputMismatch(Shape3.class, "not three whole numbers");
            }
            return new Shape3(
                    node.get(0).intValue(), node.get(1).intValue(), node.get(2).intValue());
        }
    }

    /** [x, y, z] in voxels; z null leaves slices as they are. */
    private static final class SizeReader extends ValueDeserializer<GridSize> {
        @Override
        public GridSize deserialize(JsonParser parser, DeserializationContext context) {
            JsonNode node = context.readTree(parser);
            boolean slices = node.isArray() && node.size() == 3 && node.get(2).isNull();
            if (!node.isArray()
                    || node.size() != 3
                    || !node.valueStream().limit(slices ? 2 : 3).allMatch(JsonNode::canConvertToInt)) {
                return context.reportInputMismatch(GridSize.class, "not three whole numbers");
            }
            return new GridSize(
                    node.get(0).intValue(),
                    node.get(1).intValue(),
                    slices ? null : node.get(2).intValue());
        }
    }

    /** [x, y, z] in millimetres, or one number for all three. */
    private static final class SpacingReader extends ValueDeserializer<Spacing> {
        @Override
        public Spacing deserialize(JsonParser parser, DeserializationContext context) {
            JsonNode node = context.readTree(parser);
            if (node.isNumber()) {
                return Spacing.isotropic(node.doubleValue());
            }
            if (!node.isArray() || node.size() != 3 || !node.valueStream().allMatch(JsonNode::isNumber)) {
                return context.reportInputMismatch(Spacing.class, "not millimetres");
            }
            return new Spacing(
                    node.get(0).doubleValue(),
                    node.get(1).doubleValue(),
                    node.get(2).doubleValue());
        }
    }
}
