// Asks the app around this page who is being talked to, and shows who that is. `ww` is the app's own script; without the app
// around it there is nobody to ask, and people are looked up by name.
(() => {
  const box = document.getElementById("who");
  if (!box) return;
  const say = (words) => {
    const line = document.createElement("p");
    line.className = "soft";
    line.textContent = words;
    box.replaceChildren(line);
  };
  const here = () => window.location.href.split("#")[0];
  const show = (address, id) => {
    const target = `${address}?id=${encodeURIComponent(id)}`;
    window.htmx.ajax("GET", target, { target: box, swap: "innerHTML" });
  };

  const signed = async () => {
    const answer = await fetch(`${box.dataset.signature}?url=${encodeURIComponent(here())}`, { headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.problem);
    return told;
  };

  // One answer of the app, or nothing where this is not the place for the question.
  const asked = async (question) => {
    try {
      return await question();
    } catch {
      return null;
    }
  };

  const inside = async () => {
    const told = await signed();
    window.ww.register({
      corpId: told.company,
      agentId: told.app,
      jsApiList: ["getContext", "getCurExternalContact", "getCurExternalChat"],
      getConfigSignature: () => told.page,
      getAgentConfigSignature: () => told.agent,
    });
    const context = await asked(() => window.ww.getContext());
    const inGroup = context?.entry === "group_chat_tools";
    const person = inGroup ? null : await asked(() => window.ww.getCurExternalContact());
    if (person?.userId) return show(box.dataset.customer, person.userId);
    const chat = await asked(() => window.ww.getCurExternalChat());
    if (chat?.chatId) return show(box.dataset.group, chat.chatId);
    throw new Error(box.dataset.refused);
  };

  document.addEventListener("DOMContentLoaded", async () => {
    if (box.querySelector("*")) return;
    if (!/wxwork\//i.test(navigator.userAgent) || !window.ww) return say(box.dataset.outside);
    say(box.dataset.asking);
    try {
      await inside();
    } catch (problem) {
      say(problem.message || box.dataset.refused);
    }
  });
})();
