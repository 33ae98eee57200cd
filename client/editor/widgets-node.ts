let node: HTMLElement | undefined;

/** One place for the suggestions, hovers and menus of all editors, so that no cell clips or displaces them. */
export function widgetsNode(): HTMLElement {
  if (node) return node;
  node = document.createElement("div");
  document.body.append(node);
  return node;
}

const never = () => ({ dispose: () => undefined });

/**
 * Monaco's layout service (internal: not in its types), which says where menus go. Its own answer is the container of
 * the active editor, where a cell that hides its overflow would cut them off.
 */
export const layoutService = {
  onDidLayoutMainContainer: never,
  onDidLayoutActiveContainer: never,
  onDidLayoutContainer: never,
  onDidChangeActiveContainer: never,
  onDidAddContainer: never,
  mainContainerOffset: { top: 0, quickPickTop: 0 },
  activeContainerOffset: { top: 0, quickPickTop: 0 },
  get mainContainer() {
    return widgetsNode();
  },
  get activeContainer() {
    return widgetsNode();
  },
  get mainContainerDimension() {
    return { width: innerWidth, height: innerHeight };
  },
  get activeContainerDimension() {
    return { width: innerWidth, height: innerHeight };
  },
  get containers() {
    return [widgetsNode()];
  },
  getContainer: () => widgetsNode(),
  whenContainerStylesLoaded: () => undefined,
  focus: () => undefined,
};
