import type { z } from "zod";
import type { Ask } from "../api/ask.js";
import type { LakeNeed } from "./lakebook.js";
import type { AgentRole } from "./role.js";

export interface Call {
  readonly ask: Ask;
  /** Aborts when the client gave the call up. */
  readonly signal: AbortSignal;
  /** Tells the client how far it is; nothing where it did not ask for that. */
  readonly progress: (message: string) => void;
}

export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** For the agent. */
  readonly description: string;
  /** The least that may use it. */
  readonly role: AgentRole;
  readonly needs: LakeNeed;
  readonly input: Input;
  /** Writes, though it needs no lake. */
  readonly isEdit?: boolean;
  /** Changes what others see. */
  readonly isDestructive?: boolean;
  act(input: z.output<Input>, call: Call): Promise<unknown>;
}

/** Keeps the types of a tool's input. */
export function defineTool<Input extends z.ZodObject>(tool: Tool<Input>): Tool {
  return tool;
}
