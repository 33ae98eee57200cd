const status = document.querySelector("#status");

/** Answers with a sentence, also when nobody listens. */
async function describeServer(): Promise<string> {
  try {
    const response = await fetch("/healthz");
    return response.ok ? "The server is running." : `The server answered ${response.status}.`;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return "The server cannot be reached.";
  }
}

if (status) status.textContent = await describeServer();
