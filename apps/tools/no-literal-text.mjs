// An ESLint rule for templates: words come from the catalogue. It reads text nodes, interpolations and the
// attributes that people see or hear; what goes through the catalogue's pipes (`transloco`, `counted`) or is no word at all is fine.

const SEEN_OR_HEARD = new Set([
  'alt', 'title', 'placeholder', 'label', 'matTooltip', 'heading', 'text', 'words',
  'aria-label', 'aria-description', 'aria-placeholder', 'aria-roledescription', 'aria-valuetext',
]);
const KEY_NAMES = new Set(['kbd']);
const CATALOGUE_PIPES = new Set(['transloco', 'counted']);
const JOINING = new Set(['+', '??', '||', '&&']);

const isWords = (value) => typeof value === 'string' && /\p{L}/u.test(value.replace(/&\w+;/g, ''));

/** The literals of an expression that could end up before a reader's eyes. */
function* shown(node) {
  switch (node?.type) {
    case 'ASTWithSource':
      yield* shown(node.ast);
      break;
    case 'Interpolation':
      yield* node.strings;
      for (const expression of node.expressions) yield* shown(expression);
      break;
    case 'LiteralPrimitive':
      yield node.value;
      break;
    case 'Conditional':
      yield* shown(node.trueExp);
      yield* shown(node.falseExp);
      break;
    case 'Binary':
      if (JOINING.has(node.operation)) {
        if (node.operation !== '&&') yield* shown(node.left);
        yield* shown(node.right);
      }
      break;
    case 'TemplateLiteral':
      for (const element of node.elements) yield element.text;
      for (const expression of node.expressions) yield* shown(expression);
      break;
    case 'ParenthesizedExpression':
      yield* shown(node.expression);
      break;
    case 'BindingPipe':
      if (!CATALOGUE_PIPES.has(node.name)) yield* shown(node.exp);
      break;
  }
}

export const noLiteralText = {
  meta: { type: 'problem', schema: [], messages: { literal: 'Words belong in the catalogue: "{{ words }}".' } },
  create(context) {
    const { parserServices } = context.sourceCode;
    const report = (node, words) => {
      const loc = parserServices.convertNodeSourceSpanToLoc(node.sourceSpan);
      context.report({ loc, messageId: 'literal', data: { words: words.trim().slice(0, 40) } });
    };
    const look = (node, value) => {
      for (const words of shown(value)) if (isWords(words)) report(node, words);
    };
    return {
      Text(node) {
        if (isWords(node.value) && !KEY_NAMES.has(node.parent?.name)) report(node, node.value);
      },
      BoundText(node) {
        look(node, node.value);
      },
      TextAttribute(node) {
        if (SEEN_OR_HEARD.has(node.name) && isWords(node.value)) report(node, node.value);
      },
      BoundAttribute(node) {
        if (SEEN_OR_HEARD.has(node.name)) look(node, node.value);
      },
    };
  },
};
